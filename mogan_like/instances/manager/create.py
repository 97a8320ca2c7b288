"""The verdict on a create, all in one transaction."""

import contextlib

import orjson

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import idempotency as idempotency_keys
from mogan_like.db.quotas import count as quotas
from mogan_like.instances import build
from mogan_like.instances.drivers import base as driver_base
from mogan_like.instances.queries import flavors
from mogan_like.instances.queries import instances as queries
from mogan_like.instances.queries import keypairs
from mogan_like.instances.store import instances as store
from mogan_like.instances.store import nodes


def create(ctx, due, driver, instance, idempotency):
    """Count, place and write down an instance, its audit and its build.

    :returns: the row as plain values
    :raises Repeated: when the same request was done before
    """
    with contextlib.ExitStack() as places:
        answer, admission, claim = _create(
            ctx, due, driver, instance, idempotency, places
        )
        if claim is not None:
            admission.run(claim)
    return answer


@engine.retried
def _create(ctx, due, driver, instance, idempotency, places):
    places.close()
    uuid = instance['uuid']
    with recorder.record(ctx, uuid, 'create', ctx.project_id) as entry:
        conn = entry.conn
        idempotency_keys.reserve(conn, ctx, idempotency)
        flavor = _get_flavor(conn, instance['flavor_uuid'])
        public_key = _get_public_key(conn, ctx, instance.get('key_name'))
        driver.check_request(_to_request(instance, public_key))
        quotas.take(conn, ctx.project_id, 'instances')
        node_uuid = nodes.take(
            conn,
            uuid,
            flavor.resource_class,
            _get_wanted(flavor, instance),
            instance.get('node_uuid'),
            _get_reserved(ctx, instance),
        )
        store.insert(conn, _to_row(ctx, instance, node_uuid, public_key))
        # A full pool refuses here, so that the refusal is recorded, and what was
        # done so far is not.
        admission = places.enter_context(due.admit())
        claim = claims.add(
            conn,
            build.INSTANCE,
            uuid,
            clock.utcnow(),
            {'action_id': entry.leave_open()},
            admission.owner,
            admission.ttl,
        )
        answer = base.to_plain(queries.get(conn, uuid))
        idempotency_keys.remember(conn, ctx, idempotency, answer)
        return answer, admission, claim
    # Only after a commit whose answer was lost: see recorder.record.
    with engine.reader() as conn:
        return base.to_plain(queries.get(conn, uuid)), None, None


def _get_flavor(conn, flavor_uuid):
    flavor = flavors.get(conn, flavor_uuid)
    if flavor is None or flavor.disabled:
        raise exception.InvalidParameter(
            name='flavor_uuid', reason=f'flavor {flavor_uuid} could not be found.'
        )
    return flavor


def _get_public_key(conn, ctx, key_name):
    if key_name is None:
        return None
    keypair = keypairs.get(conn, ctx.user_id, key_name)
    if keypair is None:
        raise exception.InvalidParameter(
            name='key_name', reason=f'keypair {key_name} could not be found.'
        )
    return keypair.public_key


def _get_wanted(flavor, instance):
    """The properties that a node must have."""
    wanted = orjson.loads(flavor.properties)
    if instance.get('availability_zone'):
        wanted['availability_zone'] = instance['availability_zone']
    return wanted


def _get_reserved(ctx, instance):
    reservation_uuid = instance.get('reservation_uuid')
    if reservation_uuid is None:
        return None
    return nodes.Reserved(reservation_uuid, ctx.project_id)


def _to_request(instance, public_key):
    return driver_base.BuildRequest(
        instance_uuid=instance['uuid'],
        name=instance['name'],
        image_uuid=instance['image_uuid'],
        networks=instance.get('networks') or [],
        user_data=instance.get('user_data'),
        public_key=public_key,
        metadata=instance.get('metadata') or {},
    )


def _to_row(ctx, instance, node_uuid, public_key):
    row = {
        name: instance.get(name)
        for name in (
            'uuid',
            'name',
            'description',
            'flavor_uuid',
            'image_uuid',
            'availability_zone',
            'reservation_uuid',
            'user_data',
            'key_name',
        )
    }
    return {
        **row,
        'project_id': ctx.project_id,
        'user_id': ctx.user_id,
        'node_uuid': node_uuid,
        'public_key': public_key,
        'addresses': '{}',
        'metadata': orjson.dumps(instance.get('metadata') or {}).decode(),
        'networks': orjson.dumps(instance.get('networks') or []).decode(),
    }
