"""Begins to make an instance, for who may."""

import base64

from mogan_like.api import expose
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine
from mogan_like.instances import rpcapi
from mogan_like.instances.queries import flavors

_IDS = ('flavor_uuid', 'image_uuid', 'node_uuid', 'reservation_uuid')


def begin(ctx, body):
    """Begin to make an instance, once for an Idempotency-Key.

    :param body: as ``POST /v1/instances`` takes it
    :returns: the instance's row as plain values
    :raises InvalidParameter: for a flavor that the caller may not use, too
    """
    policy.enforce(ctx, 'instance:create')
    if body.get('node_uuid'):
        policy.enforce(ctx, 'instance:create_on_node')
    body = _normalize(body)
    _check_flavor(ctx, body['flavor_uuid'])
    return rpcapi.INSTANCES.call(
        ctx, 'create', instance=body, idempotency=expose.idempotency()
    )


def _normalize(body):
    """A body as the conductor takes it: ids in lower case, as in paths.

    :raises InvalidParameter: user_data that is not base64
    """
    if body.get('user_data'):
        try:
            base64.b64decode(''.join(body['user_data'].split()), validate=True)
        except ValueError as exc:
            raise exception.InvalidParameter(
                name='user_data', reason='it is not base64.'
            ) from exc
    body = {**body, 'reservation_uuid': body.get('reservation')}
    body.pop('reservation', None)
    ids = {name: body[name].lower() for name in _IDS if body.get(name)}
    return body | ids


def _check_flavor(ctx, uuid):
    """Refuse a private flavor as if it was not there."""
    may_use_any = policy.check(ctx, 'flavor:private')
    with engine.reader() as conn:
        found = flavors.get(conn, uuid, public_only=not may_use_any)
    if found is None:
        raise exception.InvalidParameter(
            name='flavor_uuid', reason=f'flavor {uuid} could not be found.'
        )
