"""A database and a broker that go away in the middle of builds."""

import datetime
import itertools
import signal

import sqlalchemy as sa

from mogan_like.common.config import CONF
from mogan_like.db import engine
from mogan_like.instances.drivers import fake_conf
from tests import gate
from tests import services
from tests import stopwatch
from tests.fixtures import wait_until
from tests.processes import site_case

_BUILDS = 4
#: By how much the clocks of two conductors may differ.
_SKEW = datetime.timedelta(seconds=0.2)


class AwayCase(site_case.SiteCase):
    """A conductor behind a gate, which is another one than the site's."""

    def make_gate(self, url):
        """A gate before a server, and the server's URL through it."""
        url = sa.make_url(url)
        way = self.useFixture(gate.Gate((url.host, url.port)))
        through = url.set(host='127.0.0.1', port=way.port)
        return way, through.render_as_string(hide_password=False)

    def start_behind(self, **options):
        """Start a conductor on a topic of its own, and call that one."""
        topic = self.site.name_topic('behind')
        process = self.site.start(
            'mogan-like-conductor', conductor__rpc_topic=topic, **options
        )
        self.site.call_on(topic)
        self.site.wait_for_conductor(process)
        return process

    def begin_builds(self, step):
        """Begin builds; their uuids once all are in a step."""
        builds = [self.site.make_instance(wait=None) for _ in range(_BUILDS)]
        for uuid in builds:
            self.site.wait_for_step(uuid, step)
        return builds

    def check_builds(self, builds):
        """All are built, and no step was done twice or by two at once."""
        self.site.wait_until_settled()
        for uuid in builds:
            self.check_outcome(self.site, 'build', uuid)
            (action,) = self.site.list_actions(uuid)
            self.assertEqual('success', action['result'])
            self.assertIsNotNone(action['finished_at'])
            for event in action['events']:
                self.assertIsNotNone(event['finished_at'], event)
            self._check_journal(uuid)
        self.site.check_books(self)

    def _check_journal(self, uuid):
        entries = [e for e in self.site.machines.journal() if e['instance'] == uuid]
        self.assertEqual(
            [f'build.{step}' for step in fake_conf.STEPS['build']],
            [e['step'] for e in entries if e['result'] == 'done'],
        )
        spans = {}
        for entry in entries:
            when = datetime.datetime.fromisoformat(entry['time'])
            spans.setdefault(entry['pid'], []).append((when, entry['phase']))
        for span in spans.values():
            self.assertEqual(
                ['start', 'end'] * (len(span) // 2), [phase for _, phase in span]
            )
        turns = sorted((span[0][0], span[-1][0]) for span in spans.values())
        for (_, end), (start, _) in itertools.pairwise(turns):
            self.assertGreater(start + _SKEW, end, 'two at one machine')


class DatabaseAwayMixin:
    """The conductor at work loses its database."""

    database: str

    def setUp(self):
        super().setUp()
        self.site = self.make_site(self.database)
        self.way, self.url = self.make_gate(self.site.database.url)

    def test_for_less_than_a_claim_holds(self):
        self.site.stop_conductor()
        self.start_behind(
            database__connection=self.url, fake__step_seconds='write_image:0.5'
        )
        builds = self.begin_builds('build.write_image')
        self.way.shut()
        for uuid in builds:
            self.site.wait_for_step(uuid, 'build.write_image', 'end')
        self.way.open()
        self.check_builds(builds)
        for uuid in builds:
            (action,) = self.site.list_actions(uuid)
            self.assertEqual(
                {'success'}, {event['result'] for event in action['events']}
            )

    def test_for_longer_than_a_claim_holds(self):
        behind = self.start_behind(
            database__connection=self.url, fake__step_seconds='write_image:3600'
        )
        builds = self.begin_builds('build.write_image')
        self.way.shut()
        # The site's own conductor takes over.
        self.check_builds(builds)
        self.assertIsNone(behind.get_status())
        self.way.open()
        # The one that was cut off works again.
        later = self.begin_builds('build.write_image')
        self.assertEqual(_BUILDS, len([uuid for uuid in later if self._is_held(uuid)]))

    def _is_held(self, uuid):
        return not self.site.count_steps(uuid, 'build.write_image')


class MariadbAwayTest(DatabaseAwayMixin, AwayCase):
    database = 'mysql'


class PostgresqlAwayTest(DatabaseAwayMixin, AwayCase):
    database = 'postgresql'


class BrokerAwayTest(AwayCase):
    def setUp(self):
        super().setUp()
        self.way, self.url = self.make_gate(services.RABBIT)
        self.site = self.make_site(
            'sqlite',
            transport_url=self.url,
            api__rpc_timeout=3,
            fake__step_seconds='write_image:0.5',
        )

    def test_builds_go_on(self):
        builds = self.begin_builds('build.write_image')
        self.way.shut()
        self.check_builds(builds)
        with stopwatch.Stopwatch() as watch:
            answer = self._make_flavor()
        self.assertLess(watch.seconds, 2 * CONF.api.rpc_timeout)
        self.assertEqual(503, answer.status, answer)
        self.assertIn('Retry-After', answer.headers)
        self.way.open()
        # Every connection of a pool finds its way back by itself.
        wait_until(
            lambda: all(self._make_flavor().status == 201 for _ in range(5)),
            'the broker to be used again',
        )
        self.check_builds([*builds, *self.begin_builds('build.write_image')])

    def _make_flavor(self):
        return self.site.admin.post(
            '/v1/flavors',
            {'name': self.getUniqueString(), 'resource_class': 'baremetal'},
        )


class BothAwayTest(AwayCase):
    def setUp(self):
        super().setUp()
        self.site = self.make_site('mysql', api__rpc_timeout=3)
        self.site.stop_conductor()
        self.database, self.database_url = self.make_gate(self.site.database.url)
        self.broker, self.broker_url = self.make_gate(services.RABBIT)

    def start_conductor(self):
        conductor = self.site.start(
            'mogan-like-conductor',
            database__connection=self.database_url,
            transport_url=self.broker_url,
        )
        conductor.wait_for_output('The database is not ready')
        return conductor

    def test_conductor_that_starts_without_them_waits(self):
        self.database.shut()
        self.broker.shut()
        conductor, other = self.start_conductor(), self.start_conductor()
        other.send(signal.SIGTERM)
        self.assertEqual(0, other.wait(20))
        self.broker.open()
        self.database.open()
        self.site.wait_for_conductor(conductor)
        self.check_builds([self.site.make_instance()])
        for each in (conductor, other):
            self.assertNotIn('Traceback', each.read_output())

    def test_conductor_that_starts_without_a_schema_waits(self):
        self.site.database.spoil()
        with engine.writer() as conn:
            conn.execute(sa.text('RENAME TABLE due_work TO elsewhere'))
        conductor = self.start_conductor()
        with engine.writer() as conn:
            conn.execute(sa.text('RENAME TABLE elsewhere TO due_work'))
        self.site.wait_for_conductor(conductor)
        self.assertNotIn('Traceback', conductor.read_output())

    def test_api_says_so_in_time(self):
        engine.dispose()
        CONF.set_override('connection', self.database_url, group='database')
        # With no connection yet, and with some that are cut.
        for _ in range(2):
            self.database.shut()
            with stopwatch.Stopwatch() as watch:
                answer = self.site.admin.get('/v1/instances')
            self.assertLess(watch.seconds, 5)
            self.assertEqual(503, answer.status, answer)
            self.assertIn('Retry-After', answer.headers)
            self.database.open()
            answer = self.site.admin.get('/v1/instances')
            self.assertEqual(200, answer.status, answer)
