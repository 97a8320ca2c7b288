"""Rows of checkpoints made from what a bank has, when the database was lost."""

import dataclasses
import datetime

import orjson
from oslo_log import log

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import quotas as usage
from mogan_like.db.quotas import count as quotas
from mogan_like.protection import banking
from mogan_like.protection import resource_tree
from mogan_like.protection import states
from mogan_like.protection.queries import checkpoints as queries
from mogan_like.protection.store import checkpoints as store
from mogan_like.protection.store import resources

LOG = log.getLogger(__name__)

#: Statuses that nobody is at any more.
_LEFT = {states.PROTECTING: states.ERROR, states.DELETING: states.ERROR_DELETING}
_FAULT = 'It was under way when its row was lost.'


@dataclasses.dataclass
class Count:
    """How many records were what."""

    imported: int = 0
    known: int = 0
    deleted: int = 0
    unreadable: int = 0


def import_all(provider):
    """Make rows of the checkpoints that a provider's bank has, and no row.

    A row that is there is never touched: it leads, and the bank follows. May be
    repeated.

    :returns: a :class:`Count`; what cannot be read is logged and left
    :raises BankFailed: what was imported stays
    """
    count = Count()
    for uuid in banking.list_all(provider.bank):
        try:
            index, records = banking.read(provider.bank, uuid)
            outcome = _import(provider.id, uuid, index, records)
        except (exception.BankKeyNotFound, KeyError, TypeError, ValueError) as exc:
            LOG.error('Checkpoint %s cannot be imported: %r', uuid, exc)
            outcome = 'unreadable'
        setattr(count, outcome, getattr(count, outcome) + 1)
    return count


def _import(provider_id, uuid, index, records):
    """What became of a record: the name of one of Count's fields."""
    if index['status'] == states.DELETED:
        return 'deleted'
    row = _to_row(provider_id, uuid, index)
    is_new = _insert(row, [_to_resource(*each) for each in records])
    return 'imported' if is_new else 'known'


@engine.retried
def _insert(row, records):
    """False when there is a row already, also of a deleted one."""
    with engine.writer() as conn:
        # Whoever imports at the same time waits here.
        quotas.hold(conn, row['project_id'], 'checkpoints')
        if queries.get(conn, row['uuid']) is not None:
            return False
        store.insert(conn, row)
        resources.insert_rows(
            conn, [{**each, 'owner_uuid': row['uuid']} for each in records]
        )
        # They are there, whatever the limit.
        used = usage.get_used(conn, row['project_id'], 'checkpoints')
        quotas.set_used(conn, row['project_id'], 'checkpoints', used + 1)
        claims.replace(conn, states.CHECKPOINT, row['uuid'], clock.utcnow())
        return True


def _to_row(provider_id, uuid, index):
    if index['id'] != uuid or index['provider_id'] != provider_id:
        raise ValueError('it is of another checkpoint or provider')
    plan = index['protection_plan']
    for name in ('name', 'resources', 'parameters'):
        # Else it would be found missing later, by a restore.
        if name not in plan:
            raise ValueError(f'its plan has no {name}')
    status = _LEFT.get(index['status'], index['status'])
    if status not in states.ALL:
        raise ValueError(f'its status is {status}')
    # Read as whoever uses it will.
    resource_tree.unpack(index['resource_graph'])
    created = datetime.datetime.fromisoformat(index['created'])
    return {
        'uuid': uuid,
        'project_id': str(index['project_id']),
        'user_id': str(index['owner_id']),
        'provider_id': provider_id,
        'plan_uuid': str(plan['id']),
        'status': status,
        'plan': _dump(plan),
        'resource_graph': _dump(index['resource_graph']),
        'extra_info': _dump(index['extra_info']),
        'fault': _FAULT if index['status'] in _LEFT else index['fault'],
        'created_at': created,
    }


def _to_resource(status, metadata):
    return {
        'resource_type': status['type'],
        'resource_id': status['id'],
        'name': status['name'],
        'status': status['status'],
        'fault': status['fault'],
        'data': _dump(metadata),
    }


def _dump(value):
    return orjson.dumps(value).decode()
