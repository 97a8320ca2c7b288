"""Routes of what is done to a server: lock, power, rebuild."""

from mogan_like.api import body as bodies
from mogan_like.api import expose
from mogan_like.common import exception
from mogan_like.compute import types as compute_types
from mogan_like.compute.controllers import refusals
from mogan_like.compute.controllers import servers
from mogan_like.compute.controllers.find import find
from mogan_like.compute.controllers.find import find_by_rules
from mogan_like.compute.schemas import server_actions as schemas
from mogan_like.compute.views import links
from mogan_like.compute.views import servers as views
from mogan_like.db import engine
from mogan_like.instances import rpcapi
from mogan_like.instances.queries import instances as queries

#: Since when the reason of a lock is read.
_WITH_REASON = (2, 73)
#: As what a rule lets its callers hold locks, the stronger first.
_HOLDERS = {'instance:lock': 'admin', 'instance:lock_own': 'owner'}


class ServerActionsController(expose.Controller):
    """``/v2.1/servers/{server_id}/action``."""

    routes = {'': {'POST': 'act'}}

    def __init__(self):
        self._schemas = {
            name: bodies.Schema(schema) for name, schema in schemas.ACTIONS.items()
        }

    @expose.route(body=schemas.BODY, response=schemas.ANSWER, status=202)
    def act(self, ctx, server_id: compute_types.Id, body):
        """Do what the one key of the body says."""
        if len(body) != 1:
            raise exception.InvalidBody('Malformed request body')
        ((name, terms),) = body.items()
        if name not in self._schemas:
            raise exception.InvalidBody(f'There is no such action: {name[:64]}')
        if problem := self._schemas[name].find_problem(body, ctx.api_version):
            raise exception.InvalidBody(reason=problem)
        return _VERBS[name](ctx, server_id, terms)


def _lock(ctx, server_id, terms):
    uuid, holder = _find_to_lock(ctx, server_id)
    reason = None
    if ctx.api_version >= _WITH_REASON and terms:
        reason = terms.get('locked_reason')
    with refusals.translated('lock'):
        _call(ctx, 'lock', uuid=uuid, holder=holder, reason=reason)


def _unlock(ctx, server_id, _terms):
    uuid, holder = _find_to_lock(ctx, server_id)
    with refusals.translated('unlock'):
        _call(ctx, 'unlock', uuid=uuid, holder=holder)


def _find_to_lock(ctx, server_id):
    """The uuid, and as what the caller holds locks.

    An admin stays one in the server's own project.
    """
    row, rule = find_by_rules(ctx, server_id, tuple(_HOLDERS))
    return row.uuid, _HOLDERS[rule]


def _start(ctx, server_id, _terms):
    _power(ctx, server_id, 'start', 'on')


def _stop(ctx, server_id, _terms):
    # As Nova does: its operating system is asked first.
    _power(ctx, server_id, 'stop', 'soft_off')


def _reboot(ctx, server_id, terms):
    is_soft = terms['type'].upper() == 'SOFT'
    _power(ctx, server_id, 'reboot', 'soft_reboot' if is_soft else 'reboot')


def _power(ctx, server_id, verb, target):
    uuid = find(ctx, server_id, 'instance:power').uuid
    with refusals.translated(verb):
        _call(ctx, 'power', uuid=uuid, target=target)


def _rebuild(ctx, server_id, terms):
    uuid = find(ctx, server_id, 'instance:rebuild').uuid
    with refusals.translated('rebuild'):
        _call(ctx, 'rebuild', uuid=uuid, image_uuid=terms['imageRef'].lower())
    with engine.reader() as conn:
        row = queries.get(conn, uuid, queries.SERVER)
        look = servers.make_look(ctx, conn, [row])
    view = views.show_changed(row._mapping, look, rebuilt=True)
    where = links.locate(expose.base_url(), 'servers', uuid)
    return expose.Response(202, {'server': view}, {'Location': where})


def _call(ctx, method, **args):
    rpcapi.INSTANCES.call(ctx, method, **args, idempotency=expose.idempotency())


_VERBS = {
    'lock': _lock,
    'unlock': _unlock,
    'os-start': _start,
    'os-stop': _stop,
    'reboot': _reboot,
    'rebuild': _rebuild,
}
