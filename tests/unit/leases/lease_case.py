"""Base of tests on leases' rows, with a plugin of their own."""

import datetime

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.db import claims
from mogan_like.leases import models
from mogan_like.leases.manager import leases
from mogan_like.leases.plugins import base

PROJECT = 'p' * 32
HOUR = datetime.timedelta(hours=1)


class Plugin(base.ResourcePlugin):
    """Notes what it is asked for, and refuses what it is told to.

    :ivar plan: what planning verbs answer
    :ivar refusal: what they raise, unless None
    """

    resource_type = 'thing'
    title = 'A thing'

    def __init__(self):
        self.calls = []
        self.plan = base.Plan()
        self.refusal = None

    def get_schema(self):
        return {
            'type': 'object',
            'properties': {
                'size': {'type': 'integer', 'minimum': 1},
                'before_end': {'type': ['string', 'null']},
            },
            'required': ['size'],
            'additionalProperties': False,
        }

    def reserve_resource(self, conn, reservation):
        return self._plan('reserve', reservation)

    def update_reservation(self, conn, before, after):
        return self._plan('update', before, after)

    def release_resource(self, conn, reservation):
        self.calls.append(('release', reservation))

    def on_start(self, call):
        self.calls.append(('on_start', call))

    def on_end(self, call):
        self.calls.append(('on_end', call))

    def _plan(self, verb, *args):
        if self.refusal is not None:
            raise self.refusal
        self.calls.append((verb, *args))
        return self.plan


class Tell(base.BeforeEnd):
    """Work before the end that nobody does here."""

    def run(self, call):
        raise AssertionError(call)


class Trusted(Tell):
    """The same that needs a trust, and is told what to do.

    :ivar refusal: what check raises, unless None
    """

    needs_trust = True
    refusal = None

    def check(self, conn, project_id, argument):
        self.checked = project_id, argument
        if self.refusal is not None:
            raise self.refusal


class Engine:
    """Due work that nobody does."""

    def __init__(self):
        self.nudges = 0

    def nudge(self):
        self.nudges += 1


class LeaseMixin:
    """The manager of leases on an empty database; mix into a DatabaseCase."""

    def setUp(self):
        super().setUp()
        self.plugin = Plugin()
        self.engine = Engine()
        self.trusted = Trusted()
        works = {'tell': Tell(), 'trusted': self.trusted}
        self.manager = leases.LeasesManager(self.engine, {'thing': self.plugin}, works)

    def ctx(self, user='u1', project=PROJECT):
        return context.RequestContext(user_id=user, project_id=project)

    def body(self, start=HOUR, end=3 * HOUR, **values):
        """A lease from an hour from now on, for two hours."""
        now = clock.utcnow()
        return {
            'name': 'a lease',
            'start_date': clock.isoformat(now + start),
            'end_date': clock.isoformat(now + end),
            'reservations': [{'resource_type': 'thing', 'size': 1}],
            **values,
        }

    def create(self, *args, **values):
        return self.manager.create(self.ctx(), self.body(*args, **values))

    def lease(self, uuid):
        (row,) = self.rows(models.LEASES, uuid=uuid)
        return row

    def events(self, uuid):
        """{type: (status, result)}."""
        rows = self.rows(models.EVENTS, lease_uuid=uuid)
        return {row['event_type']: (row['status'], row['result']) for row in rows}

    def reservations(self, uuid):
        return self.rows(models.RESERVATIONS, lease_uuid=uuid)

    def due(self, uuid):
        """The due work of a lease, or None."""
        rows = self.rows(claims.DUE_WORK, object_id=uuid)
        return rows[0] if rows else None

    def actions(self, uuid):
        """[(action, result)], in their order."""
        rows = self.rows(actions_models.ACTIONS, object_id=uuid)
        return [(row['action'], row['result']) for row in rows]

    def set(self, table, where, **values):
        """Write columns of rows as a worker would have left them."""
        self.in_transaction(
            lambda conn: conn.execute(
                table.update()
                .where(*(table.c[name] == value for name, value in where.items()))
                .values(**values)
            )
        )

    def bring_to(self, uuid, status, start='DONE', end='UNDONE'):
        """A lease as it is once its start has come."""
        begun = status != 'PENDING'
        now = clock.utcnow()
        values = {'start_date': now - HOUR} if begun else {}
        self.set(models.LEASES, {'uuid': uuid}, status=status, **values)
        for event_type, event in (('start_lease', start), ('end_lease', end)):
            self.set(
                models.EVENTS,
                {'lease_uuid': uuid, 'event_type': event_type},
                status=event if begun else 'UNDONE',
                result='done' if begun and event == 'DONE' else None,
            )
        self.set(models.RESERVATIONS, {'lease_uuid': uuid}, started=begun)
