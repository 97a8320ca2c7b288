"""Asks Manila until something is as it should be."""

from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.common import exception

#: Of the time for which the work is ours: how much a call may take that makes
#: something. The rest is for what it does not count, a thread that had to wait.
_SURE = 0.9


def telling(record, decide):
    """``decide``, which also shows the project what Manila says at each look."""

    def tell(found):
        record.set_status(str(found['status']))
        return decide(found)

    return tell


class Polling:
    """One hook's patience with Manila: a deadline for all that it waits for.

    The deadline begins anew when another conductor takes the operation over.
    """

    def __init__(self, options, step):
        self._options = options
        self._waiter = step.waiter
        self._began = clock.monotonic()

    @property
    def seconds(self):
        """How long it has been at it."""
        return clock.monotonic() - self._began

    def ask(self, call, *args):
        """What a call returns; called again while Manila does not answer.

        :raises ShareServiceUnavailable: when it did not, ``poll_errors`` times
        """
        attempt = 0
        while True:
            self._waiter.check()
            try:
                return call(*args)
            except exception.ShareServiceUnavailable as error:
                attempt += 1
                self.bear(attempt, error)

    def bear(self, attempt, error):
        """Wait before the next try, or raise the error that is being handled.

        Where Manila says when to come again, not before that.
        """
        if attempt >= self._options.poll_errors or self._left <= error.pause:
            raise
        self.pause(attempt, error.pause)

    def hold(self):
        """Seconds that a call may take which another conductor must not meet.

        When it is over the work is still ours, so nobody else has begun it.
        """
        return self._waiter.hold() * _SURE

    def wait_for(self, look, decide):
        """What ``look`` returns, once ``decide`` says so.

        :param look: a call of Manila that returns a share or a snapshot
        :param decide: true when it is what it should be; raises when it will
            never be
        :raises ProtectionFailed: when it is not after ``poll_timeout`` seconds
        """
        attempt = 0
        while True:
            found = self.ask(look)
            if decide(found):
                return found
            if self._left <= 0:
                self._fail_late(found)
            attempt += 1
            self.pause(attempt)

    def watch(self, look, decide):
        """What ``look`` returns, once ``decide`` says so; None if it does not.

        For what may never come: it is looked as often, and with the same pauses,
        as a call is made that is not answered.
        """
        for attempt in range(1, self._options.poll_errors + 1):
            found = self.ask(look)
            if decide(found):
                return found
            if attempt < self._options.poll_errors:
                self.pause(attempt)
        return None

    def pause(self, attempt, least=0):
        """Wait: longer at every attempt, and never past the deadline."""
        seconds = backoff.get_delay(
            attempt, self._options.poll_interval, self._options.poll_interval_max
        )
        self._waiter.wait(max(0, min(max(seconds, least), self._left)))

    @property
    def _left(self):
        return self._options.poll_timeout - self.seconds

    def _fail_late(self, found):
        raise exception.ProtectionFailed(
            reason=f'{found["id"]} is still {found["status"]} in Manila after '
            f'{self._options.poll_timeout} seconds.'
        )
