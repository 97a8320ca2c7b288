"""What other services have is named as they know it."""

import fixtures
from osc_lib import exceptions
import testtools

import mogan_like_client
from mogan_like_client.osc import others
from tests import personas
from tests.emulators import glance_fixture
from tests.emulators import keystone
from tests.emulators import neutron

_IDS = [f'{number}{number}a5b6f0-6f0e-4f0b-9a3c-0d6f7c1f2e11' for number in range(4)]
_PROJECT, _TWIN, _OTHER_TWIN = '1' * 32, '2' * 32, '3' * 32


class _Case(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(
            keystone.Keystone(personas.MEMBER, personas.ADMIN)
        )
        self.catalogue = self.keystone.catalogue

    def connect(self, persona=personas.ADMIN, **config):
        """A connection of a persona, which Keystone lets in unless told otherwise."""
        auth = {
            'auth_url': self.keystone.auth_url,
            'username': persona.name,
            'password': keystone.PASSWORD,
            'user_domain_id': 'default',
            'project_id': persona.project_id,
        }
        config = {'auth_type': 'password', 'auth': auth, **config}
        return mogan_like_client.connect(
            load_envvars=False,
            load_yaml_config=False,
            region_name=keystone.REGION,
            **config,
        )

    def refuse(self, noun, name, connection=None):
        """What is told of a name that leads nowhere, in one line."""
        with self.assertRaises(exceptions.CommandError) as caught:
            others.find_id(connection or self.connect(), noun, name)
        self.assertNotIn('\n', str(caught.exception))
        return str(caught.exception)

    def find(self, noun, name, **kwargs):
        return others.find_id(self.connect(**kwargs), noun, name)


class FoundTest(_Case):
    def test_images(self):
        images = {_IDS[0]: 'debian', _IDS[1]: 'twin', _IDS[2]: 'twin'}
        self.catalogue['image'] = self.useFixture(glance_fixture.Glance(images)).url
        self.assertEqual(_IDS[0], self.find('image', 'debian'))
        self.assertEqual(
            'The image service knows no image plan9 that you may see.',
            self.refuse('image', 'plan9'),
        )
        self.assertEqual(
            f'There are 2 images called twin: say which by its ID, {_IDS[1]}, '
            f'{_IDS[2]}.',
            self.refuse('image', 'twin'),
        )

    def test_networks_and_ports(self):
        networks = {_IDS[0]: 'prod', _IDS[1]: 'twin', _IDS[2]: 'twin'}
        site = self.useFixture(neutron.Neutron(networks, {_IDS[3]: 'uplink'}))
        self.catalogue['network'] = site.url
        self.assertEqual(_IDS[0], self.find('network', 'prod'))
        self.assertEqual(_IDS[3], self.find('port', 'uplink'))
        self.assertIn('There are 2 networks', self.refuse('network', 'twin'))
        self.assertIn('knows no port prod', self.refuse('port', 'prod'))

    def test_people(self):
        self.keystone.people.projects.update(
            {_PROJECT: 'research', _TWIN: 'twin', _OTHER_TWIN: 'twin'}
        )
        self.assertEqual(_PROJECT, self.find('project', 'research'))
        self.assertEqual(personas.MEMBER.user_id, self.find('user', 'member'))
        # An ID that does not look like one.
        self.assertEqual('user-member', self.find('user', 'user-member'))
        self.assertIn('knows no user nobody', self.refuse('user', 'nobody'))
        self.assertIn(
            f'There are 2 projects called twin: say which by its ID, {_TWIN}',
            self.refuse('project', 'twin'),
        )

    def test_who_may_not_look_people_up(self):
        member = self.connect(personas.MEMBER)
        for noun in ('project', 'user'):
            self.assertEqual(
                f'You may not look up {noun}s by their names (HTTP 403 of the identity '
                f'service): give the ID of {noun} x.',
                self.refuse(noun, 'x', member),
            )

    def test_the_own_ones_are_known_to_everybody(self):
        for noun, name, expected in (
            ('project', 'project-a', personas.MEMBER.project_id),
            ('user', 'member', personas.MEMBER.user_id),
        ):
            self.assertEqual(expected, self.find(noun, name, persona=personas.MEMBER))


class AwayTest(_Case):
    def setUp(self):
        super().setUp()
        # What cannot be reached is told in its own words, too.
        self.useFixture(fixtures.FakeLogger())

    def test_an_id_is_taken_as_it_is(self):
        for noun in others.SERVICES:
            self.assertEqual(_IDS[0], others.find_id(None, noun, _IDS[0]))
        for uuid in (_PROJECT, 2 * _PROJECT):
            self.assertEqual(uuid, others.find_id(None, 'project', uuid))
            self.assertEqual(uuid, others.find_id(None, 'user', uuid))
            self.assertIn('no image service', self.refuse('image', uuid))

    def test_not_in_the_catalogue(self):
        self.assertEqual(
            'There is no image service to look up image debian in: give its ID.',
            self.refuse('image', 'debian'),
        )

    def test_without_a_catalogue(self):
        for auth_type in ('none', 'http_basic'):
            endpoint = {'endpoint': self.keystone.auth_url}
            lone = self.connect(auth_type=auth_type, auth=endpoint)
            for noun in ('image', 'network', 'port'):
                told = self.refuse(noun, 'x', lone)
                self.assertIn(f'There is no {others.SERVICES[noun]} service', told)
            # Their IDs are what the operator has chosen.
            for noun in ('project', 'user'):
                self.assertEqual('x', others.find_id(lone, noun, 'x'))

    def test_configured_by_hand(self):
        images = {_IDS[0]: 'debian'}
        site = self.useFixture(glance_fixture.Glance(images))
        lone = self.connect(auth_type='none', auth={}, image_endpoint_override=site.url)
        self.assertEqual(_IDS[0], others.find_id(lone, 'image', 'debian'))

    def test_that_it_does_not_answer_is_told(self):
        self.catalogue['image'] = 'http://127.0.0.1:1'
        told = self.refuse('image', 'debian')
        self.assertIn(
            'image debian could not be looked up in the image service: ', told
        )
