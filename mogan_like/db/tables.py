"""Every table of the service: for migrations, their tests, and purging."""

from mogan_like.actions import store as _actions
from mogan_like.db import base
from mogan_like.db import claims as _claims
from mogan_like.db import idempotency as _idempotency
from mogan_like.db import quotas as _quotas
from mogan_like.instances.store import instances as _instances
from mogan_like.leases.store import purge as _leases
from mogan_like.protection.store import checkpoints as _checkpoints
from mogan_like.protection.store import logs as _logs

METADATA = base.METADATA

#: Modules whose import fills METADATA.
MODULES = (_actions, _claims, _idempotency, _quotas, _instances, _leases, _checkpoints)


def purge_instances(conn, before, limit):
    """Drop instances deleted before a time; returns how many."""
    return len(_instances.purge(conn, before, limit))


def purge_leases(conn, before, limit):
    """Drop leases deleted before a time; returns how many."""
    return _leases.purge(conn, before, limit)


def purge_actions(conn, before, limit):
    """Drop actions that began before a time; returns how many."""
    return _actions.purge(conn, before, limit)


def purge_checkpoints(conn, before, limit):
    """Drop checkpoints deleted before a time; returns how many."""
    return _checkpoints.purge(conn, before, limit)


def purge_operation_logs(conn, before, limit):
    """Drop logs of operations that began before a time; returns how many."""
    return _logs.purge(conn, before, limit)
