"""One host, fifty who want it at once, one conductor or three: one gets it."""

import functools

from tests import racing
from tests import services
from tests.functional.leases import leases_case
from tests.processes import processes
from tests.processes import site_case

#: Creates at once.
_COUNT = 50
_HOST = {'resource_type': 'physical:host', 'min': 1, 'max': 1}


class DoubleBookingMixin:
    """Of one database and one number of conductors."""

    database = None
    conductors = 1

    def setUp(self):
        super().setUp()
        self.site = self.make_site(
            self.database, fake__nodes=3, quota__leases=-1, quota__reserved_nodes=-1
        )
        for _ in range(self.conductors - 1):
            port = processes.find_port()
            conductor = self.site.start(
                'mogan-like-conductor', metrics__listen=f'127.0.0.1:{port}'
            )
            # They come last, when it takes calls.
            conductor.wait_for_port(port)
        self.site.wait_for_nodes(3)

    def open(self, count):
        for number in range(count):
            body = {'name': f'fake-{number}'}
            answer = self.site.admin.post('/v1/os-hosts', body)
            self.assertEqual(201, answer.status, answer)

    def create_at_once(self, **values):
        """Answers to creates of leases for the same hour."""
        body = leases_case.describe(reservations=[{**_HOST, **values}])
        create = functools.partial(self.site.member.post, '/v1/leases', body)
        answers = racing.at_once(*[create] * _COUNT)
        self.assertEqual([], [each for each in answers if isinstance(each, Exception)])
        return answers

    def test_one_host(self):
        self.open(1)
        answers = self.create_at_once()
        statuses = [answer.status for answer in answers]
        self.assertEqual(1, statuses.count(201), statuses)
        self.assertEqual(_COUNT - 1, statuses.count(409), statuses)
        (made,) = (each.body['lease'] for each in answers if each.status == 201)
        refusals = {
            each.body['error_message'] for each in answers if each.status == 409
        }
        self.assertEqual(
            {
                '1 wanted of physical hosts, 0 free: there are enough from '
                f'{made["end_date"]} on.'
            },
            refusals,
        )
        self.assertEqual(1, len(self.site.fetch('SELECT id FROM allocations')))

    def test_as_many_as_there_are(self):
        self.open(3)
        statuses = [answer.status for answer in self.create_at_once()]
        self.assertEqual(3, statuses.count(201), statuses)
        self.assertEqual(_COUNT - 3, statuses.count(409), statuses)
        hosts = self.site.fetch('SELECT host_id FROM allocations')
        self.assertEqual(3, len(set(hosts)))


def _make_cases():
    for database in services.DATABASES:
        for conductors in (1, 3):
            name = f'DoubleBookingOn{database.title()}With{conductors}Test'
            yield (
                name,
                type(
                    name,
                    (DoubleBookingMixin, site_case.SiteCase),
                    {
                        'database': database,
                        'conductors': conductors,
                        '__module__': __name__,
                    },
                ),
            )


globals().update(_make_cases())
