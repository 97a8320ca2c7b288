"""Verbs on flavors."""

import orjson
from oslo_db import exception as db_exc
from oslo_utils import uuidutils

from mogan_like.actions import recorder
from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.db import engine
from mogan_like.db import idempotency as idempotency_keys
from mogan_like.instances.queries import flavors as queries
from mogan_like.instances.store import flavors as store


class FlavorsManager:
    """RPC namespace ``flavors``, version 1.0."""

    def create(self, ctx, flavor, idempotency=None):
        """Write a new flavor.

        :returns: its row as plain values
        :raises AlreadyExists: when the name is taken
        """
        values = {**_to_row(flavor), 'uuid': uuidutils.generate_uuid()}
        return idempotency_keys.answer_once(
            ctx, idempotency, lambda: _create(ctx, values, idempotency)
        )

    @engine.retried
    def update(self, ctx, uuid, values):
        """Change a flavor; instances made from it stay as they are.

        :returns: its row as plain values
        :raises FlavorNotFound: when there is none
        :raises AlreadyExists: when the name is taken
        """
        with recorder.record(ctx, uuid, 'update', object_type='flavor') as e:
            try:
                found = store.update(e.conn, uuid, _to_row(values))
            except db_exc.DBDuplicateEntry as exc:
                raise _already_exists(values) from exc
            if not found:
                raise exception.FlavorNotFound(uuid=uuid)
        with engine.reader() as conn:
            return base.to_plain(queries.get(conn, uuid))

    @engine.retried
    def delete(self, ctx, uuid):
        """Drop a flavor; instances made from it stay as they are.

        :raises FlavorNotFound: when there is none
        """
        with recorder.record(ctx, uuid, 'delete', object_type='flavor') as e:
            if not store.delete(e.conn, uuid):
                raise exception.FlavorNotFound(uuid=uuid)


@engine.retried
def _create(ctx, values, idempotency):
    uuid = values['uuid']
    with recorder.record(ctx, uuid, 'create', object_type='flavor') as entry:
        idempotency_keys.reserve(entry.conn, ctx, idempotency)
        try:
            store.insert(entry.conn, values)
        except db_exc.DBDuplicateEntry as exc:
            raise _already_exists(values) from exc
        answer = base.to_plain(queries.get(entry.conn, uuid))
        idempotency_keys.remember(entry.conn, ctx, idempotency, answer)
        return answer
    # Only after a commit whose answer was lost: see recorder.record.
    with engine.reader() as conn:
        return base.to_plain(queries.get(conn, uuid))


def _already_exists(values):
    return exception.AlreadyExists(noun='Flavor', name=values['name'])


def _to_row(values):
    row = dict(values)
    if 'properties' in row:
        row['properties'] = orjson.dumps(
            row['properties'], option=orjson.OPT_SORT_KEYS
        ).decode()
    return row
