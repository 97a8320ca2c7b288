"""What a resource still goes through, status by status, without any thread."""

import collections
import dataclasses
import time


@dataclasses.dataclass(frozen=True)
class Stay:
    """How long a status lasts: until it was shown so often, or so many seconds.

    With neither it lasts for ever.
    """

    shown: int | None = None
    seconds: float | None = None

    def is_over(self, shown, seconds):
        """True when both were reached that are asked for."""
        if self.shown is None and self.seconds is None:
            return False
        return shown >= (self.shown or 0) and seconds >= (self.seconds or 0)


FOR_EVER = Stay()


class Course:
    """The statuses ahead of one resource.

    Nothing moves by itself: who looks at the resource calls :meth:`advance` before
    and :meth:`show` after it was shown.
    """

    def __init__(self):
        self._ahead = collections.deque()
        self._begin()

    def go(self, *steps):
        """Set out on steps.

        :param steps: (find_stay, then): then() is called once the stay is over
            that find_stay() gives at that time
        """
        self._ahead = collections.deque(steps)
        self._begin()

    def stop(self):
        """Stay as it is."""
        self._ahead.clear()

    def show(self):
        """The status was shown once."""
        self._shown += 1

    def advance(self, at_once=False):
        """Take the steps that are due.

        :param at_once: all but those that last for ever
        """
        while self._ahead:
            find_stay, then = self._ahead[0]
            stay = find_stay()
            seconds = time.monotonic() - self._since
            if stay == FOR_EVER or not (at_once or stay.is_over(self._shown, seconds)):
                return
            self._ahead.popleft()
            self._begin()
            then()

    def _begin(self):
        self._shown = 0
        self._since = time.monotonic()
