"""The contract of patterns."""

import abc
import datetime

#: Types of triggers: by the clock, as all of Karbor's are.
TIME = 'time'
#: Formats of patterns.
CALENDAR, CRONTAB = 'calendar', 'crontab'

#: How far ahead a run is looked for: a pattern that has none until then has none.
HORIZON = datetime.timedelta(days=50 * 366)
#: Times of people are within these, so that no reckoning leaves what dates can be.
FIRST = datetime.datetime(1970, 1, 1)
LAST = datetime.datetime(3000, 1, 1)


class Pattern(abc.ABC):
    """Says at which times a trigger fires.

    A time that the clocks of its zone skip is the moment at which they go on; of one
    that they show twice it is the first.
    """

    @abc.abstractmethod
    def list_after(self, after):
        """The times after one, in their order; the same one may come more than once.

        What it takes to find the next is bounded, and does not grow with the time
        since the pattern began.

        :param after: naive UTC, as is all that it gives
        :returns: an iterator; it ends where there is none for fifty years
        """
