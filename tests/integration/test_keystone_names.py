"""Commands look up projects and users in a real Keystone."""

import openstack
from osc_lib import exceptions
import testtools

from mogan_like_client.osc import others
from tests.integration import keystone


class NamesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(keystone.Keystone(self))
        self.admin = self.connect('admin', 'admin')
        self.member = self.connect('demo', 'demo')

    def connect(self, user, project):
        """A connection of openstacksdk that is configured by nothing but this."""
        session = self.keystone.session(user, project)
        return openstack.connection.Connection(session=session, region_name='RegionOne')

    def refuse(self, connection, noun, name):
        with self.assertRaises(exceptions.CommandError) as caught:
            others.find_id(connection, noun, name)
        return str(caught.exception)

    def test_who_may_look_them_up(self):
        own = self.member.session
        for noun, name, expected in (
            ('project', 'demo', own.get_project_id()),
            ('user', 'demo', own.get_user_id()),
        ):
            self.assertEqual(expected, others.find_id(self.admin, noun, name))
            self.assertIn(
                f'knows no {noun} nothing', self.refuse(self.admin, noun, 'nothing')
            )

    def test_who_may_not(self):
        own = self.member.session
        for noun, name, expected in (
            ('project', 'demo', own.get_project_id()),
            ('user', 'demo', own.get_user_id()),
        ):
            self.assertEqual(expected, others.find_id(self.member, noun, name))
            told = self.refuse(self.member, noun, 'admin')
            self.assertIn(f'You may not look up {noun}s by their names', told)
