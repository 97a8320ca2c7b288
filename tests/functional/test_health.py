"""/healthcheck while conductors go and come."""

from mogan_like.api import health
from tests import stopwatch
from tests.fixtures import wait_until
from tests.functional import case


class HealthTest(case.FunctionalCase):
    def setUp(self):
        super().setUp()
        # The checks remember what they found, and other tests have asked.
        health.make_app.cache_clear()
        self.addCleanup(health.make_app.cache_clear)

    def ask(self):
        """The status; whatever it is, it was not waited for.

        A second is promised; this machine may have other things to do.
        """
        with stopwatch.Stopwatch() as watch:
            answer = self.admin.get(
                '/healthcheck', headers={'Accept': 'application/json'}
            )
        self.assertLess(watch.seconds, 2)
        return answer.status

    def test_conductor_goes_and_comes(self):
        self.assertEqual(200, self.ask())
        self.service.stop_conductor()
        wait_until(lambda: self.ask() == 503, 'the bus to be found dead', 10)
        self.assertEqual(503, self.ask())
        self.service.start_conductor()
        wait_until(lambda: self.ask() == 200, 'the bus to be found alive', 10)
