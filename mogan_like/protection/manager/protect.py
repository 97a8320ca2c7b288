"""A new checkpoint, written in the transaction of whoever wants it."""

import orjson

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db.quotas import count as quotas
from mogan_like.protection import states
from mogan_like.protection.queries import checkpoints as queries
from mogan_like.protection.queries import plans
from mogan_like.protection.store import checkpoints as store
from mogan_like.protection.store import logs

#: What Karbor says of those that nobody scheduled.
_MANUAL = {'created_by': 'manual'}


def check_provider(providers, provider_id):
    """See that a provider takes checkpoints.

    :raises ProviderNotFound: when it is not there, or disabled
    """
    provider = providers.get(provider_id)
    if provider is None or not provider.enabled:
        raise exception.ProviderNotFound(provider_id=provider_id)


def protect(entry, ctx, uuid, provider_id, plan_uuid, extra_info, operation_uuid=None):
    """Write a checkpoint of a plan, its log and its due work.

    After the commit the due work of protection is to be nudged.

    :param entry: of the audit, a ``create`` of this checkpoint
    :param ctx: its owner: user_id, project_id
    :param operation_uuid: the scheduled operation that makes it, or None
    :raises PlanNotFound: when the project has none of this id
    :raises InvalidParameter: when the plan is for another provider
    :raises QuotaExceeded: when the project has all it may have
    """
    conn = entry.conn
    plan = plans.get(conn, plan_uuid)
    check_plan(ctx, provider_id, plan_uuid, plan)
    quotas.take(conn, ctx.project_id, 'checkpoints')
    store.insert(
        conn,
        {
            'uuid': uuid,
            'project_id': ctx.project_id,
            'user_id': ctx.user_id,
            'provider_id': provider_id,
            'plan_uuid': plan_uuid,
            'plan': _dump(_copy(plan)),
            'extra_info': _dump({**_MANUAL, **(extra_info or {})}),
            'operation_uuid': operation_uuid,
        },
    )
    logs.begin(conn, states.PROTECT, queries.get(conn, uuid, queries.RECORD))
    claims.add(conn, states.CHECKPOINT, uuid, clock.utcnow(), make_payload(entry, ctx))


def check_plan(ctx, provider_id, uuid, plan):
    """See that a plan is the project's, and for a provider.

    :param plan: its row, or None
    :raises PlanNotFound: when it is not the project's
    :raises InvalidParameter: when it is for another provider
    """
    if plan is None or plan.project_id != ctx.project_id:
        raise exception.PlanNotFound(uuid=uuid)
    if plan.provider_id != provider_id:
        raise exception.InvalidParameter(
            name='plan_id', reason=f'plan {uuid} is for another provider.'
        )


def make_payload(entry, ctx):
    """What due work has to know of the verb that began it."""
    payload = {'action_id': entry.leave_open(), 'request_id': ctx.request_id}
    if ctx.trust_id is not None:
        payload['trust_id'] = ctx.trust_id
    return payload


def _copy(plan):
    """The plan as it is now: what it says later does not count."""
    return {
        'id': plan.uuid,
        'name': plan.name,
        'description': plan.description,
        'provider_id': plan.provider_id,
        'resources': orjson.loads(plan.resources),
        'parameters': orjson.loads(plan.parameters),
    }


def _dump(value):
    return orjson.dumps(value).decode()
