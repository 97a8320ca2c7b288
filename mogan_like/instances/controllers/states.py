"""Routes of what an instance is in: status, power, lock."""

from mogan_like.api import expose
from mogan_like.api import types
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.instances import rpcapi
from mogan_like.instances.controllers import views
from mogan_like.instances.controllers.find import find
from mogan_like.instances.controllers.find import make_target
from mogan_like.instances.queries import instances as queries
from mogan_like.instances.schemas import instances as schemas


class StatesController(expose.Controller):
    """``/v1/instances/{uuid}/states`` and ``/v1/instances/{uuid}/lock``."""

    routes = {
        'states': {'GET': 'show'},
        'states/lock': {'PUT': 'lock'},
        'states/unlock': {'PUT': 'unlock'},
        'states/power': {'PUT': 'power'},
        'states/provision': {'PUT': 'provision'},
        'lock': {'GET': 'show_lock'},
    }

    @expose.route(response=schemas.STATES)
    def show(self, ctx, uuid: types.Uuid):
        """Show status, power state and whether it is locked."""
        row = find(ctx, uuid, 'instance:show', queries.STATES)
        return views.show_states(row)

    @expose.route(body={'1.1': schemas.LOCK_1, '1.4': schemas.LOCK_4}, status=202)
    def lock(self, ctx, uuid: types.Uuid, body):
        """Hold an ACTIVE instance for maintenance."""
        find(ctx, uuid, 'instance:lock')
        terms = body['lock'] or {}
        _call(
            ctx,
            'lock',
            uuid=uuid,
            holder='admin',
            reason=terms.get('reason'),
            expires_at=_parse_time(terms.get('expires_at')),
        )

    @expose.route(body=schemas.UNLOCK, status=202)
    def unlock(self, ctx, uuid: types.Uuid, body):
        """Release the lock, whoever holds it."""
        find(ctx, uuid, 'instance:lock')
        _call(ctx, 'unlock', uuid=uuid, holder='admin')

    @expose.route(body=schemas.POWER, status=202)
    def power(self, ctx, uuid: types.Uuid, body):
        """Begin to switch the machine."""
        find(ctx, uuid, 'instance:power')
        _call(ctx, 'power', uuid=uuid, target=body['target'])

    @expose.route(body=schemas.PROVISION, status=202)
    def provision(self, ctx, uuid: types.Uuid, body):
        """Begin to write an image on the machine again."""
        find(ctx, uuid, 'instance:rebuild')
        _call(ctx, 'rebuild', uuid=uuid, image_uuid=body.get('image_uuid'))

    @expose.route(response=schemas.LOCK, since='1.4')
    def show_lock(self, ctx, uuid: types.Uuid):
        """Show who holds the instance, why, since when and until when."""
        row = find(ctx, uuid, 'instance:show', queries.STATES)
        own = ctx.project_id == row.project_id
        may_lock = policy.check(ctx, 'instance:lock', make_target(row))
        return views.show_lock(row, own or may_lock)


def _call(ctx, method, **args):
    # A rebuild or a reboot that is sent again after its end is another one.
    rpcapi.INSTANCES.call(ctx, method, **args, idempotency=expose.idempotency())


def _parse_time(text):
    """A time as the conductor takes it: naive UTC."""
    if text is None:
        return None
    try:
        return clock.isoformat(types.DateTime.frombasetype(text))
    except ValueError as exc:
        raise exception.InvalidParameter(name='expires_at', reason=exc) from exc
