"""The states of an instance; the only way from one to another is this table."""

BUILDING = 'BUILDING'
ACTIVE = 'ACTIVE'
LOCKED = 'LOCKED'
STOPPED = 'STOPPED'
REBUILDING = 'REBUILDING'
POWERING_ON = 'POWERING_ON'
POWERING_OFF = 'POWERING_OFF'
REBOOTING = 'REBOOTING'
ERROR = 'ERROR'
DELETING = 'DELETING'
DELETED = 'DELETED'

ALL = (
    BUILDING,
    ACTIVE,
    LOCKED,
    STOPPED,
    REBUILDING,
    POWERING_ON,
    POWERING_OFF,
    REBOOTING,
    ERROR,
    DELETING,
    DELETED,
)

#: States in which a job of a conductor is on its way.
BUSY = (BUILDING, REBUILDING, POWERING_ON, POWERING_OFF, REBOOTING, DELETING)

TRANSITIONS = {
    # A machine is being made. A build that fails keeps its node until the
    # instance is deleted, because the machine may be half written.
    (BUILDING, 'done'): ACTIVE,
    (BUILDING, 'fail'): ERROR,
    # Given to its project.
    (ACTIVE, 'lock'): LOCKED,
    (ACTIVE, 'power_off'): POWERING_OFF,
    (ACTIVE, 'reboot'): REBOOTING,
    (ACTIVE, 'rebuild'): REBUILDING,
    # Held for maintenance. The lock is a state, so that no verb can forget
    # it: nothing but unlock leads out.
    (LOCKED, 'unlock'): ACTIVE,
    # Powered off.
    (STOPPED, 'power_on'): POWERING_ON,
    (STOPPED, 'rebuild'): REBUILDING,
    # A power action that fails leaves the instance where it was.
    (POWERING_ON, 'done'): ACTIVE,
    (POWERING_ON, 'fail'): STOPPED,
    (POWERING_OFF, 'done'): STOPPED,
    (POWERING_OFF, 'fail'): ACTIVE,
    (REBOOTING, 'done'): ACTIVE,
    (REBOOTING, 'fail'): ACTIVE,
    # The disk is being written again: a failure leaves nothing to run. What was
    # off before runs by then, and is switched off as by anybody: should that
    # fail, it runs.
    (REBUILDING, 'done'): ACTIVE,
    (REBUILDING, 'done_off'): POWERING_OFF,
    (REBUILDING, 'fail'): ERROR,
    # Delete is legal from every state but LOCKED, so that no end of a lease
    # waits for a build. A delete that fails is tried again until it succeeds.
    (BUILDING, 'delete'): DELETING,
    (ACTIVE, 'delete'): DELETING,
    (STOPPED, 'delete'): DELETING,
    (REBUILDING, 'delete'): DELETING,
    (POWERING_ON, 'delete'): DELETING,
    (POWERING_OFF, 'delete'): DELETING,
    (REBOOTING, 'delete'): DELETING,
    (ERROR, 'delete'): DELETING,
    (DELETING, 'delete'): DELETING,
    (DELETING, 'done'): DELETED,
}
