"""Verbs on plans."""

import orjson
from oslo_utils import uuidutils

from mogan_like.actions import recorder
from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.db import engine
from mogan_like.db import idempotency as idempotency_keys
from mogan_like.db.quotas import count as quotas
from mogan_like.protection import states
from mogan_like.protection.manager import contents
from mogan_like.protection.manager import patience
from mogan_like.protection.queries import plans as queries
from mogan_like.protection.store import owned

#: What a change of needs another look at the resources.
_CONTENTS = ('resources', 'parameters')


class PlansManager:
    """RPC namespace ``plans``, version 1.0.

    :param providers: {id: Provider}
    :param protectables: a :class:`..protectables.Protectables`
    """

    def __init__(self, providers, protectables):
        self._contents = contents.PlanContents(providers, protectables)

    def create(self, ctx, plan, idempotency=None):
        """Keep a new plan.

        :param plan: the checked body: name, description, provider_id, resources
            [{id, type, name, extra_info}], parameters
        :returns: the row as plain values
        :raises InvalidParameter: naming the resource or parameter that is wrong
        :raises QuotaExceeded: when the project has all it may have
        """
        uuid = uuidutils.generate_uuid()

        def do():
            verdict = patience.judge(
                ctx,
                self._contents.check,
                plan['provider_id'],
                plan['resources'],
                plan.get('parameters') or {},
            )
            return _create(ctx, uuid, plan, verdict, idempotency)

        return idempotency_keys.answer_once(ctx, idempotency, do)

    def update(self, ctx, uuid, values):
        """Change name, description, status, resources or parameters.

        Checkpoints keep the plan as it was when they were made.

        :returns: the row as plain values
        :raises PlanNotFound: when the project has none of this id
        :raises InvalidParameter: naming the resource or parameter that is wrong
        """
        before = verdict = None
        if values.keys() & set(_CONTENTS):
            before = _read(uuid)
            verdict = patience.judge(ctx, self._check_change, before, values)
        _update(ctx, uuid, values, before, verdict)
        return base.to_plain(_read(uuid))

    def _check_change(self, ctx, row, values):
        if row is None or row.project_id != ctx.project_id:
            # Told by the transaction.
            return {}
        wanted = {
            name: values[name] if name in values else orjson.loads(getattr(row, name))
            for name in _CONTENTS
        }
        resources = self._contents.check(
            ctx, row.provider_id, wanted['resources'], wanted['parameters'] or {}
        )
        return {'resources': resources, 'parameters': wanted['parameters'] or {}}

    @engine.retried
    def delete(self, ctx, uuid):
        """Drop a plan; its checkpoints stay.

        :raises PlanNotFound: when the project has none of this id
        :raises InUse: when a scheduled operation uses it
        """
        with recorder.record(
            ctx, uuid, 'delete', ctx.project_id, object_type='plan'
        ) as entry:
            if not owned.PLANS.hold(entry.conn, uuid, ctx.project_id):
                raise exception.PlanNotFound(uuid=uuid)
            if not owned.PLANS.delete(entry.conn, uuid, ctx.project_id):
                raise exception.InUse(
                    noun='Plan', name=uuid, reason='a scheduled operation uses it.'
                )
            quotas.give_back(entry.conn, ctx.project_id, 'plans')


@engine.retried
def _create(ctx, uuid, plan, verdict, idempotency):
    with recorder.record(
        ctx, uuid, 'create', ctx.project_id, object_type='plan'
    ) as entry:
        conn = entry.conn
        idempotency_keys.reserve(conn, ctx, idempotency)
        resources = verdict()
        quotas.take(conn, ctx.project_id, 'plans')
        owned.PLANS.insert(
            conn,
            {
                'uuid': uuid,
                'name': plan['name'],
                'description': plan.get('description'),
                'provider_id': plan['provider_id'],
                'project_id': ctx.project_id,
                'user_id': ctx.user_id,
                'status': states.SUSPENDED,
                'resources': _dump(resources),
                'parameters': _dump(plan.get('parameters') or {}),
            },
        )
        answer = base.to_plain(queries.get(conn, uuid))
        idempotency_keys.remember(conn, ctx, idempotency, answer)
        return answer
    # Only after a commit whose answer was lost: see recorder.record.
    return base.to_plain(_read(uuid))


@engine.retried
def _update(ctx, uuid, values, before, verdict):
    with recorder.record(
        ctx, uuid, 'update', ctx.project_id, object_type='plan'
    ) as entry:
        conn = entry.conn
        if not owned.PLANS.hold(conn, uuid, ctx.project_id):
            raise exception.PlanNotFound(uuid=uuid)
        row = {name: each for name, each in values.items() if name not in _CONTENTS}
        if verdict is not None:
            now = queries.get(conn, uuid)
            if any(getattr(now, name) != getattr(before, name) for name in _CONTENTS):
                # It was not this that was checked.
                raise exception.Conflict()
            row.update((name, _dump(each)) for name, each in verdict().items())
        owned.PLANS.update(conn, uuid, ctx.project_id, row)


@engine.retried
def _read(uuid):
    with engine.reader() as conn:
        return queries.get(conn, uuid)


def _dump(value):
    return orjson.dumps(value).decode()
