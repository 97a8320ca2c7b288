"""What goes wrong, and how long things last: set by tests and by the control route."""

import dataclasses
import fnmatch
import threading

from tests.emulators.manila import course

#: How an operation of the share manager can end that is not good.
OUTCOMES = ('error', 'vanish', 'stuck')
#: What can happen to a call besides an answer with an error.
KINDS = ('refuse', 'delay', 'hang', 'close', 'cut')
#: Each status is shown once.
USUAL = course.Stay(shown=1)


@dataclasses.dataclass
class Fault:
    """What happens to calls.

    :ivar call: pattern of their names, as ``snapshots.create`` or ``*``
    :ivar kind: of KINDS: refuse with code; delay by seconds; hang until the client
        gives up; close the connection without an answer; cut it in the answer
    :ivar times: so many calls, None for all
    :ivar skip: so many calls before are spared
    :ivar done: the call is carried out first, and only then is it answered so
    :ivar late: pattern of calls: this one is carried out as well, but not before
        one of those was answered, which knows nothing of it yet
    :ivar retry_after: seconds, told with a refusal
    """

    call: str
    kind: str
    code: int | None = None
    seconds: float = 0
    times: int | None = None
    skip: int = 0
    done: bool = False
    late: str | None = None
    retry_after: int = 0

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f'{self.kind} is none of {KINDS}')

    def takes(self, name):
        """True when it happens to this call; it is counted then."""
        if self.times == 0 or not fnmatch.fnmatchcase(name, self.call):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times:
            self.times -= 1
        return True


class Switches:
    """All of them, in their usual position at first.

    :ivar deferred_deletion: as Manila's ``is_deferred_deletion_enabled``
    """

    def __init__(self):
        self._lock = threading.Lock()
        self.clear()

    def clear(self):
        """Back into the usual position."""
        with self._lock:
            self._faults = []
            self._outcomes = []
            self._stays = {}
            self._late = []
        self.deferred_deletion = False

    def fault(self, call, kind, **values):
        """Let something happen to calls; see :class:`Fault`."""
        with self._lock:
            self._faults.append(Fault(call, kind, **values))

    def refuse(self, call, code, **values):
        """Answer calls with an error."""
        self.fault(call, 'refuse', code=code, **values)

    def outcome(self, operation, end, times=1):
        """Let an operation come to another end.

        :param operation: as ``snapshot.create``, ``share.revert``, ``rule.allow``
        :param end: of OUTCOMES: in its error status, without a trace, or not at all
        :param times: so many operations, None for all
        """
        if end not in OUTCOMES:
            raise ValueError(f'{end} is none of {OUTCOMES}')
        with self._lock:
            self._outcomes.append([operation, end, times])

    def stay(self, status, shown=None, seconds=None):
        """Say how long a status lasts; for ever, if neither is given.

        :param status: as ``snapshot.creating``; ``*`` is for those not named
        :param shown: until it was shown so often
        :param seconds: for so long
        """
        with self._lock:
            self._stays[status] = course.Stay(shown, seconds)

    def find_stay(self, status):
        """How long a status lasts."""
        with self._lock:
            return self._stays.get(status) or self._stays.get('*', USUAL)

    def take_outcome(self, operation):
        """The end that this operation comes to; None for the good one."""
        with self._lock:
            for entry in self._outcomes:
                name, end, times = entry
                if times != 0 and fnmatch.fnmatchcase(operation, name):
                    entry[2] = times and times - 1
                    return end
        return None

    def take_fault(self, call):
        """What happens to this call; None for nothing."""
        with self._lock:
            return next((each for each in self._faults if each.takes(call)), None)

    def put_off(self, fault, carry_out):
        """Have a call carried out when its fault says so."""
        with self._lock:
            self._late.append((fault.late, carry_out))

    def take_late(self, call):
        """What is to be carried out now that a call was answered."""
        with self._lock:
            due = [each for each in self._late if fnmatch.fnmatchcase(call, each[0])]
            self._late = [each for each in self._late if each not in due]
        return [carry_out for _, carry_out in due]
