"""What each status of Manila's shares and snapshots means.

From Manila's ``common/constants.py`` (SHARE_STATUSES, SHARE_SNAPSHOT_STATUSES).
"""

#: Can be used.
USABLE = 'usable'
#: Manila is at it, and it is to be usable again.
BUSY = 'busy'
#: Stays like this until somebody does something.
BROKEN = 'broken'
#: On its way out.
LEAVING = 'leaving'
#: A deletion has failed.
STUCK = 'stuck'
GONE = 'gone'

#: Not Manila's own words: of what is not found, and of a share in the recycle
#: bin, which keeps its former status.
NOT_FOUND = 'not-found'
SOFT_DELETED = 'soft_deleted'

_MEANINGS = {
    USABLE: ('available',),
    BUSY: (
        'creating',
        'creating_from_snapshot',
        'manage_starting',
        'extending',
        'shrinking',
        'migrating',
        'migrating_to',
        'server_migrating',
        'server_migrating_to',
        'replication_change',
        'restoring',
        'reverting',
        'reverting_to_snapshot',
        'awaiting_transfer',
        'backup_creating',
        'backup_restoring',
        'ensuring',
    ),
    BROKEN: (
        'error',
        'manage_error',
        'unmanage_error',
        'extending_error',
        'shrinking_error',
        'shrinking_possible_data_loss_error',
        'reverting_error',
        'backup_restoring_error',
    ),
    LEAVING: (
        'deleting',
        'deferred_deleting',
        # Manila tries a deferred deletion again by itself.
        'error_deferred_deleting',
        'unmanage_starting',
        'manage_error_unmanage_starting',
        SOFT_DELETED,
        # Seen while the last row of a share or snapshot goes.
        None,
    ),
    STUCK: ('error_deleting',),
    GONE: ('deleted', 'unmanaged', NOT_FOUND),
}
_BY_STATUS = {
    status: meaning for meaning, statuses in _MEANINGS.items() for status in statuses
}


def get_meaning(status):
    """One of the six; a status that is not known yet passes for BUSY."""
    return _BY_STATUS.get(status, BUSY)


def get_status(found):
    """The status of a share or snapshot as Manila shows it."""
    return SOFT_DELETED if found.get('is_soft_deleted') else found['status']


def can_be_protected(status):
    """Whether a share in this status is or will be usable."""
    return get_meaning(status) in (USABLE, BUSY)
