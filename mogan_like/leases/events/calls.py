"""Which calls of plugins a step takes."""

import functools

from mogan_like.common.config import CONF
from mogan_like.leases import states
from mogan_like.leases.agenda import Step
from mogan_like.leases.events import before_end
from mogan_like.leases.events.work import NoPlugin
from mogan_like.leases.events.work import Task
from mogan_like.leases.events.work import get_grace_left
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins import rows

_VERBS = {
    Step.START: 'on_start',
    Step.UPDATE: 'on_start',
    Step.BEFORE_END: 'before_end',
    Step.END: 'on_end',
}


class Calls:
    """Makes the calls.

    :param plugins: {resource type: plugin}
    :param works: {name: plugin of work before the end}
    """

    def __init__(self, plugins, works):
        self._plugins = plugins
        self._works = works

    def make_tasks(self, work, reservations):
        """Put together a step's calls, one for each reservation that needs one.

        :param reservations: rows of those that hold something
        :raises NoPlugin: when there is no plugin for one of them
        """
        for row in reservations:
            if row.resource_type not in self._plugins:
                raise NoPlugin(f'This conductor has no plugin for {row.resource_type}.')
        chosen = [row for row in reservations if _is_called(work, row)]
        work.tasks = [self._make_task(work, row) for row in chosen]

    def _make_task(self, work, row):
        plugin = self._plugins[row.resource_type]
        name = _VERBS[work.step]
        lease = work.lease
        call = base.Call(
            rows.make_reservation(lease, row),
            # What was begun and not ended has something to undo.
            started=work.step != Step.END or bool(row.started),
            ended_by_user_id=lease.ended_by_user_id,
            ended_by_project_id=lease.ended_by_project_id,
        )
        verb = getattr(plugin, name)
        limit = functools.partial(_get_limit, plugin)
        if work.step == Step.BEFORE_END:
            call = before_end.add_work(call, work)
            verb = functools.partial(self._run_before_end, plugin)
            limit = functools.partial(_get_limit_before_end, plugin, lease)
        return Task(work, row, name, verb, call, limit)

    def _run_before_end(self, plugin, call):
        plugin.before_end(call)
        before_end.run(self._works, call)


def _is_called(work, row):
    if work.step in (Step.START, Step.UPDATE):
        return row.status != states.RESERVATION_ACTIVE or row.unsettled
    return not before_end.is_done(work, row)


def _get_limit(plugin):
    return plugin.timeout or CONF.leases.plugin_timeout


def _get_limit_before_end(plugin, lease):
    left = get_grace_left(lease, CONF.leases.before_end_grace)
    return min(_get_limit(plugin), left)
