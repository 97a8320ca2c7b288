"""When so many hosts are free for so long: against looking at every minute."""

import datetime
import unittest

import hypothesis
from hypothesis import strategies as st

from mogan_like.leases.plugins.host import dates

ZERO = datetime.datetime(2026, 1, 1)
MINUTE = datetime.timedelta(minutes=1)

#: A machine that has much to do makes few examples in a second.
_PATIENT = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
#: (host, start, length), in minutes.
_SPANS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-5, 25), st.integers(1, 8)), max_size=10
)


def find(spans, hosts, count, after, length):
    """The same in minutes."""
    found = dates.find_start(
        [
            (host, ZERO + start * MINUTE, ZERO + (start + lasts) * MINUTE)
            for host, start, lasts in spans
        ],
        hosts,
        count,
        ZERO + after * MINUTE,
        length * MINUTE,
    )
    return None if found is None else (found - ZERO) / MINUTE


def is_free(spans, host, start, length):
    return all(
        other != host or begin + lasts <= start or begin >= start + length
        for other, begin, lasts in spans
    )


class FindStartTest(unittest.TestCase):
    @_PATIENT
    @hypothesis.given(
        _SPANS,
        st.integers(0, 4),
        st.integers(1, 4),
        st.integers(0, 5),
        st.integers(1, 9),
    )
    def test_is_the_first_minute_with_enough(self, spans, hosts, count, after, length):
        expected = None
        for minute in range(after, 60):
            free = [is_free(spans, host, minute, length) for host in range(hosts)]
            if sum(free) >= count:
                expected = minute
                break
        self.assertEqual(expected, find(spans, range(hosts), count, after, length))

    def test_between_two_others(self):
        spans = [(0, 0, 10), (0, 15, 10)]
        self.assertEqual(10, find(spans, [0], 1, 0, 5))
        self.assertEqual(25, find(spans, [0], 1, 0, 6))

    def test_one_host_takes_over_from_another_at_the_same_minute(self):
        spans = [(0, 5, 5), (1, 0, 5)]
        self.assertEqual(0, find(spans, [0, 1], 1, 0, 5))
        self.assertEqual(1, find([(0, 6, 5), (1, 0, 1)], [0, 1], 2, 0, 5))

    def test_other_hosts_do_not_count(self):
        self.assertEqual(10, find([(0, 0, 10)], [0], 1, 0, 1))
        self.assertIsNone(find([], [], 1, 0, 1))
