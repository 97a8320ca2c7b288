"""Asks Manila until something is as it should be."""

from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.common import exception


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
            except exception.ShareServiceUnavailable:
                attempt += 1
                self.bear(attempt)

    def bear(self, attempt):
        """Wait before the next try, or raise the error that is being handled."""
        if attempt >= self._options.poll_errors or self._is_over():
            raise
        self.pause(attempt)

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
            if self._is_over():
                self._fail_late(found)
            attempt += 1
            self.pause(attempt)

    def pause(self, attempt):
        """Wait: longer at every attempt, and never past the deadline."""
        seconds = backoff.get_delay(
            attempt, self._options.poll_interval, self._options.poll_interval_max
        )
        left = self._options.poll_timeout - self.seconds
        self._waiter.wait(max(0, min(seconds, left)))

    def make_once(self, record, key, find, create):
        """Have something made outside, and its id recorded under ``key``.

        The conductor may die between Manila's answer and our record of it, and
        an answer may be lost: then what was made is found by its mark.

        :param find: returns what was made for this record, or None
        :param create: makes it, marked; what else it raises means that
            nothing was made
        """
        found = None
        if record.data.get('asked'):
            found = self.ask(find)
        else:
            record.save(asked=True)
        attempt = 0
        while found is None:
            self._waiter.check()
            try:
                found = create()
            except exception.ShareServiceUnavailable:
                attempt += 1
                self.bear(attempt)
                found = self.ask(find)
        record.save(**{key: found['id']})

    def _is_over(self):
        return self.seconds >= self._options.poll_timeout

    def _fail_late(self, found):
        raise exception.ProtectionFailed(
            reason=f'{found["id"]} is still {found["status"]} in Manila after '
            f'{self._options.poll_timeout} seconds.'
        )
