"""What all operations are made of: read, call the hooks, say what failed."""

import datetime

from oslo_log import log

from mogan_like.actions import recorder
from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.protection import parameters as parameters_of
from mogan_like.protection import states
from mogan_like.protection.operations import flow
from mogan_like.protection.operations import record
from mogan_like.protection.plugins import base
from mogan_like.protection.queries import checkpoints as queries

LOG = log.getLogger(__name__)

#: The status of a resource when it is done.
_DONE = {states.DELETE: states.DELETED}
#: What these say of a resource is the status that the plugin saw last, also when
#: it failed: of what a restore has made, and of what was looked at.
_SEEN = (states.RESTORE, states.VERIFY)
#: How many of the resources that failed a fault names.
_NAMED = 10
_CANCELLED = (base.Cancelled, claims.ClaimLost)


class Work:
    """One operation while its claim is ours.

    :param claim: on the due work
    :param verb: states.PROTECT, DELETE, RESTORE or VERIFY
    :param row: of whose authority it is: user_id, project_id
    """

    def __init__(self, claim, verb, row):
        self.claim = claim
        self.verb = verb
        self.waiter = record.ClaimWaiter(claim)
        self.action_id = claim.payload.get('action_id')
        self.ctx = context.for_job(
            user_id=row.user_id,
            project_id=row.project_id,
            request_id=claim.payload.get('request_id'),
            trust_id=claim.payload.get('trust_id'),
            overwrite=False,
        )

    def step(self, name):
        """An audited step of the operation."""
        self.waiter.check()
        return recorder.step(self.action_id, f'{self.verb}.{name}', _CANCELLED)

    def check_attempts(self):
        """Give up what was begun too often.

        :raises Conflict: when it was
        """
        tries = self.claim.attempts - 1
        if tries >= CONF.protection.max_attempts:
            raise exception.Conflict(f'Given up after {tries} interrupted tries.')

    def may_try_again(self):
        """False when this was the last try."""
        return self.claim.attempts < CONF.protection.max_attempts

    def run(self, tree, rows, find_plugin, make):
        """Call the hooks of all resources.

        :param rows: of the resources in this operation
        :param find_plugin: called with a resource: its plugin, or raises
        :param make: called with the resource, its record and its plugin:
            (Operation, the other values of its Step)
        :returns: [(resource, why it failed)]
        """
        by_name = {(row.resource_type, row.resource_id): row for row in rows}
        parts, failures = {}, {}
        for sid, resource in tree.resources.items():
            row = by_name.get((resource.type, resource.id))
            if row is None:
                # It only leads to others.
                continue
            kept = record.RowRecord(self.claim, row)
            try:
                plugin = find_plugin(resource)
                parts[sid] = self._make_part(resource, kept, plugin, make)
            except flow.ABORTS:
                raise
            except Exception as exc:
                failures[sid] = flow.describe(exc)
                self._end(kept, failures[sid])
        failures.update(flow.run(tree, parts, CONF.protection.parallel))
        return [
            (resource, failures[sid])
            for sid, resource in tree.resources.items()
            if sid in failures
        ]

    def _make_part(self, resource, kept, plugin, make):
        operation, values = make(resource, kept, plugin)
        step = base.Step(
            ctx=self.ctx, resource=resource, record=kept, waiter=self.waiter, **values
        )
        return flow.Part(operation, step, lambda fault: self._end(kept, fault))

    def _end(self, kept, fault):
        status = _DONE.get(self.verb, states.AVAILABLE)
        if fault is not None:
            status = states.ERROR
        if self.verb in _SEEN:
            status = kept.status or status
        kept.end(status, fault)

    def get_retry_time(self, longest=None):
        """When what failed is tried again.

        :param longest: seconds at most, ``[conductor]retry_delay_max`` when None
        """
        delay = backoff.get_delay(
            self.claim.attempts,
            CONF.conductor.retry_delay,
            longest or CONF.conductor.retry_delay_max,
        )
        return clock.utcnow() + datetime.timedelta(seconds=delay)


def make_finder(providers, provider_id):
    """Finds the plugins for a provider's resources.

    A provider may have been removed while there are checkpoints of it; another
    one's plugin does then, where there is one for the type.
    """
    own = providers.get(provider_id)
    asked = [own] if own is not None else list(providers.values())

    def find(resource):
        for provider in asked:
            plugin = parameters_of.find_plugin(provider.plugins, resource.type)
            if plugin is not None:
                return plugin
        raise exception.ProtectionPluginNotFound(
            provider_id=provider_id, type=resource.type
        )

    return find


def describe_failures(failures):
    """Which resources failed, and why, as a project reads it."""
    lines = [
        f'{resource.type} {resource.id}: {reason}'
        for resource, reason in failures[:_NAMED]
    ]
    if len(failures) > _NAMED:
        lines.append(f'And {len(failures) - _NAMED} others.')
    return '\n'.join(lines)


@engine.retried
def read_resources(*owner_uuids):
    """{owner's uuid: the rows of its resources}."""
    with engine.reader() as conn:
        return queries.list_resources(conn, owner_uuids)


@engine.retried
def drop(claim):
    """Nothing is left to do."""
    with engine.writer() as conn:
        claims.finish(conn, claim)
