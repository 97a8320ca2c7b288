"""Base of tests that make leases through the API."""

import datetime

from mogan_like.common import clock
from tests import fixtures
from tests.functional import case

DUMMY = 'dummy.vm.plugin'


def in_minutes(minutes):
    """A date as Blazar's clients send it."""
    when = clock.utcnow() + datetime.timedelta(minutes=minutes)
    return when.strftime('%Y-%m-%d %H:%M')


def describe(**values):
    """The body of a new lease, as Blazar's clients send it."""
    return {
        'name': 'a lease',
        'start_date': in_minutes(60),
        'end_date': in_minutes(120),
        'before_end_date': None,
        'reservations': [{'resource_type': DUMMY}],
        'events': [],
        **values,
    }


class LeasesCase(case.FunctionalCase):
    """A test about leases."""

    def make(self, client=None, **values):
        """A new lease, as it was answered."""
        answer = (client or self.member).post('/v1/leases', describe(**values))
        self.assertEqual(201, answer.status, answer)
        return answer.body['lease']

    def read(self, uuid, query=''):
        """A lease as an admin sees it."""
        answer = self.admin.get(f'/v1/leases/{uuid}{query}')
        self.assertEqual(200, answer.status, answer)
        return answer.body['lease']

    def wait_for_lease(self, uuid, status):
        """Wait until a lease is in a status; GONE for a deleted one."""

        def reached():
            answer = self.admin.get(f'/v1/leases/{uuid}')
            return status == (
                'GONE' if answer.status == 404 else answer.body['lease']['status']
            )

        fixtures.wait_until(reached, f'{uuid} to be {status}')

    def list_names(self, query='', client=None):
        """The names of the leases that are listed."""
        answer = (client or self.member).get(f'/v1/leases{query}')
        self.assertEqual(200, answer.status, answer)
        return [lease['name'] for lease in answer.body['leases']]
