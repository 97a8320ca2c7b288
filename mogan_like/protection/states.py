"""The statuses of checkpoints, restores, verifications and plans (Karbor's)."""

PROTECTING = 'protecting'
AVAILABLE = 'available'
ERROR = 'error'
DELETING = 'deleting'
DELETED = 'deleted'
ERROR_DELETING = 'error-deleting'

ALL = (PROTECTING, AVAILABLE, ERROR, DELETING, DELETED, ERROR_DELETING)

TRANSITIONS = {
    # Its resources are being protected. One that fails fails the checkpoint.
    (PROTECTING, 'done'): AVAILABLE,
    (PROTECTING, 'fail'): ERROR,
    # An admin's word against ours.
    (AVAILABLE, 'reset_error'): ERROR,
    (ERROR, 'reset_error'): ERROR,
    (ERROR, 'reset_available'): AVAILABLE,
    (AVAILABLE, 'reset_available'): AVAILABLE,
    # Deleted from every status; the protect that may run is superseded.
    (PROTECTING, 'delete'): DELETING,
    (AVAILABLE, 'delete'): DELETING,
    (ERROR, 'delete'): DELETING,
    (ERROR_DELETING, 'delete'): DELETING,
    (DELETING, 'delete'): DELETING,
    (DELETING, 'done'): DELETED,
    (DELETING, 'fail'): ERROR_DELETING,
}

#: Kind of the due work of a checkpoint itself: protect, delete, write to the bank.
CHECKPOINT = 'checkpoint'

#: What else is run on a checkpoint; also the kinds of their due work.
RESTORE = 'restore'
VERIFY = 'verify'
#: What operation logs call the others.
PROTECT = 'protect'
DELETE = 'delete'

#: Kinds of the due work of a scheduled operation: its next run, and what it keeps.
SCHEDULE = 'schedule'
RETENTION = 'retention'
#: What a scheduled operation may be, beside PROTECT: it drops old checkpoints, too.
RETENTION_PROTECT = 'retention_protect'

#: Of restores, verifications and operation logs.
IN_PROGRESS = 'in_progress'
SUCCESS = 'success'
FAIL = 'fail'

#: Of a resource in any of them, beside AVAILABLE, ERROR and DELETED.
RESOURCE_PENDING = 'pending'

#: Of plans, as Karbor makes them; and of those that have a schedule.
SUSPENDED = 'suspended'
STARTED = 'started'
