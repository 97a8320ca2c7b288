"""SIGTERM: what runs is finished in time, what is left is taken up at once."""

import contextlib
import signal
import socket
import threading

import requests
import sqlalchemy as sa

from mogan_like.common import exception
from mogan_like.common import rpc
from mogan_like.db import engine
from tests import fixtures
from tests import personas
from tests.fixtures import wait_until
from tests.processes import embedded
from tests.processes import processes
from tests.processes import site_case

_FOR_EVER = 3600


class ConductorStopTest(site_case.SiteCase):
    def start(self, **options):
        self.site = self.make_site(
            'sqlite',
            # Nobody waits for a claim to run out in these tests.
            conductor__claim_ttl=300,
            conductor__graceful_shutdown_timeout=2,
            api__rpc_timeout=1,
            **options,
        )

    def test_drains(self):
        self.start(
            fake__step_seconds=f'build.write_image:0.5,rebuild.write_image:{_FOR_EVER}'
        )
        left = self.site.make_instance()
        self.begin(self.site, 'rebuild', left)
        self.site.wait_for_step(left, 'rebuild.write_image')
        finished = self.site.make_instance(wait=None)
        self.site.wait_for_step(finished, 'build.write_image')
        conductor = self.site.conductor
        (worker,) = conductor.list_children()
        for _ in range(2):
            # systemd sends it to all processes of a service, and whoever has
            # no patience sends it twice.
            conductor.send(signal.SIGTERM)
            conductor.send(signal.SIGTERM, worker)
        self.site.wait_for(finished, 'ACTIVE')
        self.assertRaises(exception.ConductorUnavailable, rpc.ping)
        self.assertEqual(0, conductor.wait(20))
        self.site.stop_conductor()
        ((owner, attempts),) = self.site.fetch(
            "SELECT owner, attempts FROM due_work WHERE kind = 'instance'"
        )
        self.assertEqual((None, 0), (owner, attempts))
        self.site.start(
            'mogan-like-conductor', fake__step_seconds='rebuild.write_image:0'
        )
        self.site.wait_until_settled()
        self.check_outcome(self.site, 'rebuild', left)
        self.check_history(
            self.site,
            left,
            ['build', 'rebuild'],
            [
                ('rebuild.write_image', 'cancelled'),
                ('rebuild.write_image', 'success'),
                ('rebuild.power_on', 'success'),
            ],
        )
        self.site.check_books(self)

    def test_worker_that_dies_is_replaced_and_outlives_its_parent(self):
        self.start(fake__step_seconds='build.write_image:0.5')
        conductor = self.site.conductor
        (first,) = conductor.list_children()
        conductor.send(signal.SIGKILL, first)
        second = wait_until(
            lambda: [pid for pid in conductor.list_children() if pid != first],
            'another worker',
        )[0]
        wait_until(self._answers, 'an answer of the other worker')
        uuid = self.site.make_instance(wait=None)
        self.site.wait_for_step(uuid, 'build.write_image')
        conductor.send(signal.SIGKILL)
        self.site.wait_for(uuid, 'ACTIVE')
        wait_until(lambda: _is_gone(second), 'the worker to end')

    @staticmethod
    def _answers():
        try:
            return rpc.ping()
        except exception.ConductorUnavailable:
            return None


class EmbeddedStopTest(site_case.SiteCase):
    def stop(self, number):
        service = self.useFixture(
            embedded.Embedded(self, fake__step_seconds='build.write_image:1')
        )
        url = f'{service.url}/v1'
        flavor = requests.post(
            f'{url}/flavors',
            json={'name': 'metal', 'resource_class': 'baremetal'},
            timeout=30,
        ).json()['uuid']
        body = {'name': 'metal', 'image_uuid': fixtures.IMAGE, 'flavor_uuid': flavor}
        answer = requests.post(f'{url}/instances', json=body, timeout=30)
        uuid = answer.json()['uuid']
        service.wait_for_step(uuid, 'build.write_image')
        for _ in range(2):
            service.conductor.send(number)
        self.assertEqual(0, service.conductor.wait(20))
        self.assertNotIn('Traceback', service.conductor.read_output())
        service.wait_for(uuid, 'ACTIVE')
        service.check_books(self)

    def test_sigterm(self):
        self.stop(signal.SIGTERM)

    def test_sigint(self):
        self.stop(signal.SIGINT)


class ApiStopTest(site_case.SiteCase):
    """The API process ends while a conductor is at its request."""

    def setUp(self):
        super().setUp()
        self.site = self.make_site('mysql', api__auth_strategy='noauth')
        # From here on there is a row of usage to stop creates at.
        self.site.make_instance()
        self.body = {
            'name': 'metal',
            'image_uuid': fixtures.IMAGE,
            'flavor_uuid': self.site.make_flavor(),
        }
        self.answers = []

    def start_api(self):
        self.port = processes.find_port()
        self.api = self.site.start(
            'mogan-like-api',
            api__port=self.port,
            api__noauth_project_id=personas.PROJECT,
        )
        self.api.wait_for_port(self.port)

    def create(self):
        try:
            answer = requests.post(
                f'http://127.0.0.1:{self.port}/v1/instances',
                json=self.body,
                headers={'Idempotency-Key': 'once'},
                timeout=30,
            )
        except requests.ConnectionError as error:
            answer = error
        self.answers.append(answer)

    @contextlib.contextmanager
    def create_under_way(self):
        """A create that a conductor is at, to the end of the block."""
        thread = threading.Thread(target=self.create)
        with engine.writer() as conn:
            conn.execute(sa.text('SELECT used FROM quota_usages FOR UPDATE'))
            thread.start()
            self.addCleanup(thread.join)
            wait_until(self._is_under_way, 'the conductor to be at it')
            yield
        thread.join()

    def _is_under_way(self):
        return self.site.fetch(
            'SELECT id FROM information_schema.processlist'
            " WHERE db = :name AND info LIKE 'UPDATE quota_usages%'",
            name=self.site.database.name,
        )

    def check_created_once(self, answer):
        self.assertEqual(202, answer.status_code, answer.text)
        uuid = answer.json()['uuid']
        self.site.wait_for(uuid, 'ACTIVE')
        self.assertEqual(2, len(self.site.fetch('SELECT uuid FROM instances')))
        (action,) = self.site.list_actions(uuid)
        self.assertEqual(('create', 'success'), (action['action'], action['result']))
        self.site.check_books(self)

    def test_killed_and_started_again(self):
        self.start_api()
        with self.create_under_way():
            self.api.kill()
        self.assertIsInstance(self.answers.pop(), requests.ConnectionError)
        self.start_api()
        self.create()
        self.check_created_once(self.answers.pop())

    def test_sigterm_lets_requests_finish(self):
        self.start_api()
        with self.create_under_way():
            for _ in range(2):
                self.api.send(signal.SIGTERM)
            wait_until(self._is_shut, 'the port to be shut')
            self.assertIsNone(self.api.get_status())
        self.assertEqual(0, self.api.wait(20))
        self.assertNotIn('Traceback', self.api.read_output())
        self.check_created_once(self.answers.pop())

    def _is_shut(self):
        with socket.socket() as sock:
            return sock.connect_ex(('127.0.0.1', self.port)) != 0


def _is_gone(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8') as file:
            # Nobody may be there to wait for it.
            return file.read().rpartition(')')[2].split()[0] == 'Z'
    except FileNotFoundError:
        return True
