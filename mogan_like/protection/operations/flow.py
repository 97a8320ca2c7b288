"""The hooks of an operation over a tree of resources, run by TaskFlow."""

import threading

from oslo_log import log
from taskflow import engines
from taskflow import task
from taskflow.patterns import graph_flow

from mogan_like.common import exception
from mogan_like.common import workers
from mogan_like.db import claims
from mogan_like.db import engine as database
from mogan_like.protection.plugins import base

LOG = log.getLogger(__name__)

_BEGIN = 'on_prepare_begin'
_FINISH = 'on_prepare_finish'
_MAIN = 'on_main'
_COMPLETE = 'on_complete'
#: What ends the whole operation, for somebody else to take up.
ABORTS = (base.Cancelled, claims.ClaimLost, *database.BROKEN_OFF)
#: What the project is told of a bug.
UNKNOWN = 'An internal error occurred.'
_LENGTH = 2000


class Part:
    """One resource in an operation.

    :param operation: a plugin's Operation
    :param step: what its hooks work with
    :param end: called once with None, or with why the resource failed
    """

    def __init__(self, operation, step, end):
        self.operation = operation
        self.step = step
        self.end = end


def run(tree, parts, size):
    """Call every hook of every part, in their order.

    A part that fails has no more hooks called; the others go on.

    :param tree: a :class:`..resource_tree.Tree`
    :param parts: {sid: Part}; resources without one are there for the order
    :param size: how many hooks run at a time
    :returns: {sid: why it failed}, for the project
    :raises Cancelled: when nobody wants the operation any more; or what else
        ended it before its time (ABORTS)
    """
    if not parts:
        return {}
    runner = _Runner(parts)
    with workers.Executor('hook', size) as executor:
        engines.load(
            _make_flow(tree, runner), engine='parallel', executor=executor
        ).run()
    if runner.aborted is not None:
        raise runner.aborted
    return runner.failures


def _make_flow(tree, runner):
    flow = graph_flow.Flow('operation')
    # What is to be done before something that itself does nothing stands for it:
    # what TaskFlow costs grows faster than the number of its tasks.
    stands, tasks = {}, []
    for hook, sid, after in _list_in_order(tree):
        names = list(dict.fromkeys(name for each in after for name in stands[each]))
        if runner.has(sid, hook):
            tasks.append(_Hook(runner, sid, hook, names))
            names = [tasks[-1].name]
        stands[hook, sid] = names
    # All at once: to link one after the other copies the graph each time.
    return flow.add(*tasks)


def _list_in_order(tree):
    """(hook, sid, [(hook, sid)] that it comes after), each after all of those."""
    parents = tree.list_parents()
    for sid in reversed(tree.resources):
        yield _BEGIN, sid, [(_BEGIN, parent) for parent in parents.get(sid, [])]
    for hook, before in ((_FINISH, _BEGIN), (_MAIN, _FINISH), (_COMPLETE, _MAIN)):
        for sid in tree.resources:
            # Children are prepared before their parents, and complete before them;
            # the work itself is done in parallel.
            children = [] if hook == _MAIN else tree.children.get(sid, [])
            yield hook, sid, [(before, sid), *((hook, child) for child in children)]


class _Hook(task.Task):
    """One hook of one resource; it never raises."""

    def __init__(self, runner, sid, hook, after):
        super().__init__(
            name=f'{hook}-{sid}',
            provides=f'{hook}-{sid}',
            requires=after,
            auto_extract=False,
        )
        self._call = runner, sid, hook

    def execute(self, **_after):
        runner, sid, hook = self._call
        runner.run(sid, hook)


class _Runner:
    """Calls hooks and keeps what came of them."""

    def __init__(self, parts):
        self._parts = parts
        self._lock = threading.Lock()
        self.failures = {}
        self.aborted = None

    def has(self, sid, hook):
        """True when a resource's plugin does something in a hook."""
        if sid not in self._parts:
            return False
        own = getattr(self._parts[sid].operation, hook)
        is_empty = getattr(own, '__func__', None) is getattr(base.Operation, hook)
        return hook == _MAIN or not is_empty

    def run(self, sid, hook):
        if self.aborted is not None or sid in self.failures:
            return
        try:
            self._call(sid, self._parts[sid], hook)
        except ABORTS as exc:
            with self._lock:
                self.aborted = self.aborted or exc
        except Exception as exc:
            # Neither the plugin's nor the database's: a bug of ours.
            LOG.exception('A resource cannot be ended.')
            with self._lock:
                self.aborted = self.aborted or exc

    def _call(self, sid, part, hook):
        try:
            part.step.waiter.check()
            getattr(part.operation, hook)(part.step)
        except ABORTS:
            raise
        except Exception as exc:
            self.failures[sid] = describe(exc)
            part.end(self.failures[sid])
        else:
            # What comes after on_main may be nothing.
            last = _COMPLETE if self.has(sid, _COMPLETE) else _MAIN
            if hook == last:
                part.end(None)


def describe(error):
    """What a project is told of an error."""
    if isinstance(error, exception.MoganLikeError):
        # What others say has no bounds, and PostgreSQL keeps no NUL.
        return str(error).replace('\0', '')[:_LENGTH]
    LOG.error('A plugin failed.', exc_info=error)
    return UNKNOWN
