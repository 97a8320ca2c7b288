"""The forms of a date in a request, and what they come to."""

import datetime
import os
import time
import unittest
import unittest.mock

from mogan_like.common import exception
from mogan_like.leases.controllers import dates
from mogan_like.leases.manager import dates as manager_dates

HOUR = datetime.timedelta(hours=1)

#: What is sent, and what the conductor is told.
GOOD = {
    'now': 'now',
    '2026-03-29 01:30': '2026-03-29T01:30:00.000000',
    '2026-03-29 01:30:59': '2026-03-29T01:30:59.000000',
    '2026-03-29T01:30:59.250000': '2026-03-29T01:30:59.250000',
    '2026-03-29T01:30:59Z': '2026-03-29T01:30:59.000000',
    # Berlin's clock goes from 02:00+01:00 to 03:00+02:00: one second apart.
    '2026-03-29T01:59:59+01:00': '2026-03-29T00:59:59.000000',
    '2026-03-29T03:00:00+02:00': '2026-03-29T01:00:00.000000',
    # New York's has 01:30 twice that night.
    '2026-11-01T01:30:00-04:00': '2026-11-01T05:30:00.000000',
    '2026-11-01T01:30:00-05:00': '2026-11-01T06:30:00.000000',
    '2028-02-29 12:00': '2028-02-29T12:00:00.000000',
    '2027-03-01T01:00:00+05:45': '2027-02-28T19:15:00.000000',
    '2026-03-29': '2026-03-29T00:00:00.000000',
}
BAD = (
    '',
    'NOW',
    'soon',
    '2027-02-29 12:00',
    '2026-13-01 00:00',
    '2026-03-29 24:30',
    '2026-03-29T01:30:59+25:00',
    '29.03.2026 01:30',
    '1774747859',
    '2026-W13-7',
    '9000-01-01 00:00',
    '9999-12-31T23:59:59-12:00',
    '0001-01-01T00:00:00+12:00',
)


class DatesTest(unittest.TestCase):
    def test_good_ones(self):
        for text, expected in GOOD.items():
            self.assertEqual(expected, dates.parse('start_date', text), text)

    def test_mean_the_same_wherever_the_service_runs(self):
        self.addCleanup(time.tzset)
        for zone in ('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'):
            with unittest.mock.patch.dict(os.environ, TZ=zone):
                time.tzset()
                self.test_good_ones()
                # With an offset a date is one time; without one it is in UTC.
                start = datetime.datetime(2026, 3, 29, 0, 30)
                self.assertEqual(start, self.read('2026-03-29 00:30'))
                self.assertEqual(start, self.read('2026-03-29T01:30:00+01:00'))

    def test_night_that_has_an_hour_less(self):
        # Berlin, 01:30 to 03:30 of the clock on the wall.
        lasts = self.read('2026-03-29T03:30:00+02:00') - self.read(
            '2026-03-29T01:30:00+01:00'
        )
        self.assertEqual(HOUR, lasts)

    def test_night_that_has_an_hour_more(self):
        lasts = self.read('2026-10-25T03:30:00+01:00') - self.read(
            '2026-10-25T01:30:00+02:00'
        )
        self.assertEqual(3 * HOUR, lasts)

    def test_leap_day(self):
        lasts = self.read('2028-03-01') - self.read('2028-02-28')
        self.assertEqual(48 * HOUR, lasts)

    def read(self, text):
        """What the conductor makes of a date of a request."""
        told = dates.parse('start_date', text)
        return manager_dates.parse('start_date', told, None)

    def test_bad_ones_name_the_date(self):
        for text in BAD:
            with self.assertRaises(exception.InvalidParameter, msg=text) as caught:
                dates.parse('end_date', text)
            self.assertIn('end_date', str(caught.exception))

    def test_only_dates_of_a_body_are_parsed(self):
        body = {'name': '2026-03-29', 'end_date': 'now', 'before_end_date': None}
        self.assertEqual(body, dates.parse_all(body))
