"""Base of tests that start sites, and what they do to instances."""

import socket

import fixtures
import sqlalchemy as sa
import testtools

from tests import services
from tests.processes import site

OTHER_IMAGE = '0c0ffee0-0000-4000-8000-000000000002'
_RABBIT = sa.make_url(services.RABBIT)


def require_servers(test, database, bus):
    """Skip a test whose servers are not there.

    Not in a fixture: what a fixture raises is an error, whatever it says.
    """
    places = {'the message broker': _RABBIT} if bus == 'rabbit' else {}
    if database in services.URLS:
        places[f'the {database} server'] = sa.make_url(services.URLS[database])
    for what, url in places.items():
        try:
            socket.create_connection((url.host, url.port), timeout=2).close()
        except OSError:
            services.miss(test, f'{what} at {url.host}:{url.port}')


class SiteCase(testtools.TestCase):
    """A test that starts processes."""

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())

    def make_site(self, database, bus='rabbit', **options):
        """A started site; see :class:`site.Site`."""
        require_servers(self, database, bus)
        return self.useFixture(site.Site(self, database, bus, **options))

    def begin(self, service, verb, uuid=None, name='metal'):
        """Begin a long verb through the API; the instance's uuid."""
        if verb == 'build':
            return service.make_instance(wait=None, name=name)
        path = f'/v1/instances/{uuid}'
        answer = {
            'rebuild': lambda: service.member.put(
                f'{path}/states/provision',
                {'target': 'rebuild', 'image_uuid': OTHER_IMAGE},
            ),
            'power': lambda: service.member.put(
                f'{path}/states/power', {'target': 'off'}
            ),
            'delete': lambda: service.member.delete(path),
        }[verb]()
        self.assertEqual(202, answer.status, answer)
        return uuid

    def check_outcome(self, service, verb, uuid):
        """The verb is done, and done right."""
        answer = service.admin.get(f'/v1/instances/{uuid}')
        if verb == 'delete':
            self.assertEqual(404, answer.status, answer)
            return
        self.assertEqual(200, answer.status, answer)
        body = answer.body
        self.assertEqual(
            ('STOPPED', 'power off') if verb == 'power' else ('ACTIVE', 'power on'),
            (body['status'], body['power_state']),
        )
        self.assertIsNone(body['fault'])
        self.assertEqual(verb == 'rebuild', body['image_uuid'] == OTHER_IMAGE)
        self.assertEqual(['private'], list(body['addresses']))

    def check_history(self, service, uuid, verbs, events):
        """The audit has these verbs, all done, and the last one's steps.

        :param events: (step, result) of the last verb, in order
        """
        actions = service.list_actions(uuid)
        self.assertEqual(
            [(_ACTIONS[verb], 'success') for verb in verbs],
            [(action['action'], action['result']) for action in actions],
        )
        for action in actions:
            self.assertIsNotNone(action['finished_at'])
            for event in action['events']:
                self.assertIsNotNone(event['finished_at'], event)
        self.assertEqual(
            events,
            [(event['event'], event['result']) for event in actions[-1]['events']],
        )


_ACTIONS = {
    'build': 'create',
    'rebuild': 'rebuild',
    'power': 'power_off',
    'delete': 'delete',
}
