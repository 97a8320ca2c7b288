"""The job of kind ``checkpoint``.

One row of due work for each checkpoint, so that protect, delete and what is written
to the bank never meet.
"""

import orjson
from oslo_log import log

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.protection import banking
from mogan_like.protection import parameters as parameters_of
from mogan_like.protection import resource_tree
from mogan_like.protection import states
from mogan_like.protection.operations import flow
from mogan_like.protection.operations import work
from mogan_like.protection.operations.checkpoint import rows
from mogan_like.protection.plugins import base

LOG = log.getLogger(__name__)

#: Seconds between two tries of what nobody waits for, less than an hour with their
#: jitter: how long a bank may be away.
_LONGEST = 2700


class CheckpointJob:
    """What the status of a checkpoint asks for.

    :param providers: {id: Provider}
    :param protectables: a :class:`..protectables.Protectables`
    :param woken: called after a commit in which work that waited on a checkpoint
        was made due
    """

    def __init__(self, providers, protectables, woken):
        self._providers = providers
        self._protectables = protectables
        self._woken = woken

    def run(self, claim):
        """Do what is to be done now.

        :raises Cancelled: when it is not ours any more; or what else ended it
            (flow.ABORTS)
        """
        row = rows.read(claim)
        if row is None:
            work.drop(claim)
        elif row.status == states.PROTECTING:
            self._protect(work.Work(claim, states.PROTECT, row), row)
        elif row.status == states.DELETING:
            self._delete(work.Work(claim, states.DELETE, row), row)
        elif row.banked:
            work.drop(claim)
        elif row.deleted:
            self._clear_late(work.Work(claim, 'bank', row), row)
        else:
            self._repair(work.Work(claim, 'bank', row), row)

    def _protect(self, task, row):
        try:
            task.check_attempts()
            provider = self._get_provider(row)
            with task.step('tree'):
                tree = self._get_tree(task, row, provider)
            with task.step('resources'):
                fault = self._run_all(
                    task,
                    row,
                    tree,
                    lambda plugin, each: plugin.get_protect_operation(each),
                )
        except flow.ABORTS:
            raise
        except Exception as exc:
            fault = flow.describe(exc)
        if fault is None:
            self._bank_and_finish(task, row, provider)
        else:
            self._fail(task, row, fault)

    def _fail(self, task, row, fault):
        if rows.fail(task, row, fault):
            self._woken()

    def _get_provider(self, row):
        provider = self._providers.get(row.provider_id)
        if provider is None:
            raise _make_not_found(row)
        return provider

    def _get_tree(self, task, row, provider):
        """The tree, as it was found by whoever began this."""
        if row.resource_graph != 'null':
            return resource_tree.unpack(orjson.loads(row.resource_graph))
        plan = orjson.loads(row.plan)
        protected = {
            name
            for plugin in provider.plugins
            for name in plugin.get_supported_resource_types()
        }
        wanted = self._protectables.find_leading(protected)

        def list_dependents(resource):
            task.waiter.check()
            return self._protectables.list_dependents(task.ctx, resource, wanted)

        tree = resource_tree.build(
            [_to_resource(each) for each in plan['resources']],
            list_dependents,
            CONF.protection.max_resources,
        )
        found = [each for each in tree.resources.values() if each.type in protected]
        parameters_of.Check(
            provider.plugins, lambda plugin, name: plugin.get_options_schema(name)
        ).check(plan['parameters'], found, others=protected)
        rows.save_tree(task.claim, row, tree, found)
        return tree

    def _run_all(self, task, row, tree, choose):
        """Run an operation on all resources; why it failed, or None.

        :param choose: gives the operation of a plugin on a resource
        """
        parameters = orjson.loads(row.plan)['parameters']

        def make(resource, kept, plugin):
            return choose(plugin, resource), {
                'checkpoint_id': row.uuid,
                'created_at': row.created_at,
                'parameters': parameters_of.merge(parameters, resource),
                'protected': kept.data,
            }

        resources = work.read_resources(row.uuid)[row.uuid]
        find_plugin = work.make_finder(self._providers, row.provider_id)
        failures = task.run(tree, resources, find_plugin, make)
        return work.describe_failures(failures) or None

    def _bank_and_finish(self, task, row, provider):
        resources = work.read_resources(row.uuid)[row.uuid]
        row = rows.read(task.claim)
        try:
            with task.step('bank'):
                self._write(task, provider, row, resources, states.AVAILABLE)
        except flow.ABORTS:
            raise
        except Exception as exc:
            self._put_off(task, row, flow.describe(exc))
        else:
            if rows.finish(task, row):
                self._woken()

    def _put_off(self, task, row, fault):
        """The bank does not work: try again, but not for ever."""
        if task.may_try_again():
            rows.try_again(task, fault)
        else:
            self._fail(task, row, fault)

    @staticmethod
    def _write(task, provider, row, resources, status=None):
        check = task.waiter.check
        banking.write(provider.bank, row, resources, check, status)

    def _delete(self, task, row):
        try:
            task.check_attempts()
            tree = resource_tree.unpack(orjson.loads(row.resource_graph))
            with task.step('resources'):
                fault = self._run_all(
                    task,
                    row,
                    tree,
                    lambda plugin, each: plugin.get_delete_operation(each),
                )
        except flow.ABORTS:
            raise
        except Exception as exc:
            fault = flow.describe(exc)
        if fault is None:
            self._clear_and_finish(task, row)
        else:
            self._fail(task, row, fault)

    def _clear_and_finish(self, task, row):
        if row.provider_id not in self._providers:
            # Nobody need wait for it to come back.
            reason = flow.describe(_make_not_found(row))
            LOG.warning(
                'The bank of checkpoint %s is not cleared: %s', row.uuid, reason
            )
            self._finish_delete(task, row, reason)
            return
        try:
            with task.step('bank'):
                self._clear(task, row)
        except flow.ABORTS:
            raise
        except Exception as exc:
            self._put_off(task, row, flow.describe(exc))
        else:
            self._finish_delete(task, row)

    def _finish_delete(self, task, row, left=None):
        if rows.finish_delete(task, row, left):
            self._woken()

    def _clear_late(self, task, row):
        """Have the bank say that it is deleted, whenever that can be."""
        try:
            self._clear(task, row)
        except flow.ABORTS:
            raise
        except exception.ProviderNotFound as exc:
            # Said when it was deleted.
            rows.wait_for_provider(task.claim, row, flow.describe(exc))
        except Exception as exc:
            LOG.info('The bank of checkpoint %s is not cleared: %s', row.uuid, exc)
            rows.try_again(task, flow.describe(exc), _LONGEST)
        else:
            rows.finish_clear(task.claim, row)

    def _clear(self, task, row):
        provider = self._get_provider(row)
        resources = work.read_resources(row.uuid)[row.uuid]
        banking.remove(provider.bank, row, resources, task.waiter.check)

    def _repair(self, task, row):
        """Have the bank say what the row says; nobody waits for it."""
        resources = work.read_resources(row.uuid)[row.uuid]
        try:
            self._write(task, self._get_provider(row), row, resources)
        except flow.ABORTS:
            raise
        except exception.ProviderNotFound as exc:
            LOG.warning('The bank of checkpoint %s is not repaired: %s', row.uuid, exc)
            rows.wait_for_provider(task.claim, row, flow.describe(exc))
        except Exception as exc:
            LOG.warning('The bank of checkpoint %s is not repaired: %s', row.uuid, exc)
            rows.try_again(task, flow.describe(exc), _LONGEST)
        else:
            rows.finish_repair(task.claim, row)


def _make_not_found(row):
    return exception.ProviderNotFound(provider_id=row.provider_id)


def _to_resource(values):
    return base.Resource(
        values['type'], values['id'], values.get('name'), values.get('extra_info')
    )
