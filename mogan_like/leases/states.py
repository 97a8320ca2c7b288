"""The statuses of a lease, of its reservations and of its events (Blazar's).

A lease may be ended and deleted in every one of its statuses; the only way
from one to another is this table.
"""

PENDING = 'PENDING'
STARTING = 'STARTING'
ACTIVE = 'ACTIVE'
UPDATING = 'UPDATING'
TERMINATING = 'TERMINATING'
TERMINATED = 'TERMINATED'
DELETING = 'DELETING'
ERROR = 'ERROR'

ALL = (PENDING, STARTING, ACTIVE, UPDATING, TERMINATING, TERMINATED, DELETING, ERROR)

#: Statuses of a lease whose end was begun or asked for.
ENDING = (TERMINATING, DELETING)

TRANSITIONS = {
    # Its start is due: on_start is being called. One that failed is tried
    # again until the lease ends.
    (PENDING, 'start'): STARTING,
    (STARTING, 'start'): STARTING,
    (ERROR, 'start'): STARTING,
    (STARTING, 'started'): ACTIVE,
    (STARTING, 'fail'): ERROR,
    # What a running lease holds was changed: on_start is called again, to
    # make what is there match it. Tried again until the lease ends.
    (ACTIVE, 'update'): UPDATING,
    (UPDATING, 'started'): ACTIVE,
    (UPDATING, 'fail'): UPDATING,
    # Ended, by somebody or by the clock: on_end is being called, or waits for
    # on_start to return, for before_end, for an instance to be unlocked.
    (PENDING, 'end'): TERMINATING,
    (STARTING, 'end'): TERMINATING,
    (ACTIVE, 'end'): TERMINATING,
    (UPDATING, 'end'): TERMINATING,
    (ERROR, 'end'): TERMINATING,
    (TERMINATING, 'end'): TERMINATING,
    (DELETING, 'end'): DELETING,
    (TERMINATED, 'end'): TERMINATED,
    # An end that failed is tried again until it succeeds.
    (TERMINATING, 'fail'): ERROR,
    (TERMINATING, 'ended'): TERMINATED,
    (TERMINATING, 'abandon'): TERMINATED,
    (ERROR, 'abandon'): TERMINATED,
    # Deleted: ended first, then gone but for its history.
    (PENDING, 'delete'): DELETING,
    (STARTING, 'delete'): DELETING,
    (ACTIVE, 'delete'): DELETING,
    (UPDATING, 'delete'): DELETING,
    (TERMINATING, 'delete'): DELETING,
    (ERROR, 'delete'): DELETING,
    (DELETING, 'delete'): DELETING,
    (TERMINATED, 'delete'): TERMINATED,
    (DELETING, 'fail'): DELETING,
    (DELETING, 'ended'): TERMINATED,
    (DELETING, 'abandon'): TERMINATED,
}

#: Of reservations.
RESERVATION_PENDING = 'pending'
RESERVATION_ACTIVE = 'active'
RESERVATION_DELETED = 'deleted'
RESERVATION_ERROR = 'error'

#: Types of events, and their statuses.
START = 'start_lease'
BEFORE_END = 'before_end_lease'
END = 'end_lease'

UNDONE = 'UNDONE'
IN_PROGRESS = 'IN_PROGRESS'
DONE = 'DONE'
FAILED = 'ERROR'

#: Results of events that are DONE or ERROR.
RESULT_DONE = 'done'
#: Somebody ended the lease before it.
RESULT_SKIPPED = 'skipped'
#: The lease was over before any conductor came to it.
RESULT_MISSED = 'missed'
RESULT_FAILED = 'failed'
RESULT_ABANDONED = 'abandoned'
