"""What Manila may answer, by the call and the operation, as tables.

Each :class:`Scenario` names the calls that it makes of Manila. A test runs it once
with nothing wrong, and fails when there is another call: that one has no row yet.
"""

import dataclasses

from mogan_like.common import exception

#: Seconds that a call may take, where one hangs.
HASTY = 0.2
#: ``poll_errors``: how often in a row a call may fail that can be made again.
ERRORS = 3
#: Seconds after which Manila wants to be asked again, where it says so.
PAUSE = 77

RULE = {'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'rw'}


@dataclasses.dataclass(frozen=True)
class Fault:
    """A column of the matrix.

    :ivar error: what a call raises that meets it; None for 404, which each row
        has an answer of its own to
    """

    kind: str
    code: int | None = None
    error: object = exception.ShareServiceUnavailable
    retry_after: int = 0

    @property
    def passes(self):
        """Whether it is worth to ask again."""
        return self.error is exception.ShareServiceUnavailable

    @property
    def may_be_done(self):
        """Whether nobody knows if Manila has done what it was asked for."""
        return self.passes and self.code not in (401, 413, 429)

    def switch_on(self, switches, call, **values):
        """Let it happen to a call."""
        switches.fault(
            call, self.kind, code=self.code, retry_after=self.retry_after, **values
        )


FAULTS = {
    '401': Fault('refuse', 401),
    '403': Fault('refuse', 403, exception.ShareServiceRefused),
    '404': Fault('refuse', 404, None),
    '409': Fault('refuse', 409, exception.ShareServiceRefused),
    '413, the quota': Fault('refuse', 413, exception.ShareQuotaExceeded),
    '413, come again': Fault('refuse', 413, retry_after=PAUSE),
    '429': Fault('refuse', 429, retry_after=PAUSE),
    '500': Fault('refuse', 500),
    '502': Fault('refuse', 502),
    '503': Fault('refuse', 503),
    '504': Fault('refuse', 504),
    'hangs': Fault('hang'),
    'closes': Fault('close'),
    'cuts': Fault('cut'),
}

_GONE = exception.ShareServiceNotFound
_REFUSED = exception.ShareServiceRefused
_FAILED = exception.ProtectionFailed


@dataclasses.dataclass(frozen=True)
class Scenario:
    """Something that asks Manila.

    :ivar method: of FaultsCase
    :ivar rows: {call: what 404 makes of it; None when that is a success}
    :ivar others: calls that are made as well, and have their rows elsewhere
    :ivar forgives: whether it succeeds whatever becomes of these calls
    :ivar once: calls that are not made again where they may have been carried out
    :ivar last: calls that are made once more when all was in vain
    """

    method: str
    rows: dict
    others: tuple = ()
    forgives: bool = False
    once: tuple = ()
    last: tuple = ()


#: In the conductor: asked again until it is too much.
JOBS = {
    'protect': Scenario(
        'run_protect',
        {
            'shares.get': _GONE,
            'rules.list': _GONE,
            'snapshots.create': _GONE,
            'snapshots.get': _FAILED,
        },
    ),
    'protect, an answer was lost': Scenario(
        'run_protect_in_doubt',
        {'snapshots.list': _REFUSED},
        ('shares.get', 'rules.list', 'snapshots.create', 'snapshots.get'),
        last=('snapshots.list',),
    ),
    'protect, one was made late': Scenario(
        'run_protect_late',
        {'snapshots.delete': None},
        (
            'shares.get',
            'rules.list',
            'snapshots.create',
            'snapshots.get',
            'snapshots.list',
        ),
        forgives=True,
    ),
    'restore': Scenario(
        'run_restore',
        {
            'shares.create': _REFUSED,
            'shares.get': _FAILED,
            'rules.list': _GONE,
            'shares.allow': _REFUSED,
        },
    ),
    'restore, an answer was lost': Scenario(
        'run_restore_in_doubt',
        {'shares.list': _REFUSED},
        ('shares.create', 'shares.get', 'rules.list', 'shares.allow'),
        last=('shares.list',),
    ),
    'restore, one was made late': Scenario(
        'run_restore_late',
        {'shares.delete': None},
        ('shares.create', 'shares.get', 'rules.list', 'shares.allow', 'shares.list'),
        forgives=True,
    ),
    'restore, one was made late that is stuck': Scenario(
        'run_restore_late_and_stuck',
        {'shares.force_delete': None},
        ('shares.create', 'shares.get', 'rules.list', 'shares.allow', 'shares.list'),
        forgives=True,
    ),
    'revert': Scenario(
        'run_revert',
        {
            'shares.get': _GONE,
            'snapshots.get': _GONE,
            'snapshots.list': _REFUSED,
            'shares.revert': _REFUSED,
        },
        once=('shares.revert',),
    ),
    'verify': Scenario('run_verify', {'snapshots.get': _FAILED}),
    'delete': Scenario(
        'run_delete',
        {'snapshots.list': _REFUSED, 'snapshots.get': None, 'snapshots.delete': None},
    ),
    'delete by force': Scenario(
        'run_delete_by_force',
        {'snapshots.force_delete': None},
        ('snapshots.list', 'snapshots.get'),
    ),
}

#: In a request: asked once, and told.
REQUESTS = {
    'list': Scenario('run_list', {'shares.list': _REFUSED}),
    'show': Scenario('run_show', {'shares.get': exception.ResourceNotFound}),
    'dependents': Scenario('run_dependents', {'shares.list': _REFUSED}),
    'check of a revert': Scenario(
        'run_check',
        {'shares.get': _GONE, 'snapshots.get': _GONE, 'snapshots.list': _REFUSED},
    ),
}

#: What Manila has and we never ask for.
NEVER = {
    'limits.get',
    'locations.get',
    'locations.list',
    'networks.create',
    'networks.delete',
    'networks.get',
    'networks.list',
    'quotas.delete',
    'quotas.get',
    'quotas.update',
    'rules.get',
    'shares.deny',
    'shares.reset_status',
    'shares.update',
    'snapshots.reset_status',
    'snapshots.update',
    'types.create',
    'types.delete',
    'types.get',
    'types.list',
    'types.update',
}


def list_rows(scenarios):
    """(name of the scenario, the scenario, call) of each row."""
    return [
        (name, scenario, call)
        for name, scenario in scenarios.items()
        for call in scenario.rows
    ]
