"""How Manila is found, and who we are there."""

import re
import socket

from keystoneauth1 import loading
from manilaclient.common import constants as manila_constants
import testtools

from mogan_like.clients import manila
from mogan_like.clients import manila_conf
from mogan_like.clients import manila_statuses
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common.config import CONF
from tests import fixtures as service_fixtures
from tests import personas
from tests import stopwatch
from tests.emulators import keystone
from tests.emulators.manila import fixture
from tests.emulators.manila import identity

PROJECT = 'b' * 32


class ScopedKeystone(keystone.Keystone):
    """Keystone that gives tokens for any project, as a role everywhere does."""

    def __init__(self, *known):
        super().__init__(*known)
        self.scopes = []

    def issue(self, request):
        issued = super().issue(request)
        if issued is None:
            return None
        token, answer = issued
        scope = request['auth']['scope']
        self.scopes.append(scope)
        answer['project']['id'] = scope['project']['id']
        return token + scope['project']['id'], answer


class FromCatalogTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(ScopedKeystone(personas.ADMIN))
        self.manila = self.useFixture(fixture.Manila(self._authenticate))
        self.keystone.catalogue['sharev2'] = self.manila.url
        self.useFixture(service_fixtures.Config())
        manila_conf.register_auth_opts(CONF)
        # One of them is required, which other tests do not know.
        password = loading.get_auth_plugin_conf_options('password')
        CONF.register_opts(password, group='manila')
        self.addCleanup(CONF.unregister_opts, password, group='manila')
        # Nothing is forgotten of a configuration that is in use.
        self.addCleanup(CONF.reset)
        self.set_up(
            auth_type='password',
            auth_url=self.keystone.auth_url,
            username=personas.ADMIN.name,
            password=keystone.PASSWORD,
            user_domain_id='default',
            project_name='service',
            project_domain_id='default',
        )

    def set_up(self, **options):
        for name, value in options.items():
            CONF.set_override(name, value, group='manila')
            self.addCleanup(CONF.clear_override, name, group='manila')

    def _authenticate(self, environ):
        token = environ['HTTP_X_AUTH_TOKEN']
        if not token.startswith(personas.ADMIN.name):
            return None
        project = token.removeprefix(personas.ADMIN.name)
        return identity.Identity(project, 'service', ('admin',))

    def connect(self, project_id=PROJECT):
        ctx = context.for_job(user_id='u', project_id=project_id, overwrite=False)
        return manila.Connections().connect(ctx)

    def test_what_is_made_belongs_to_the_project(self):
        self.connect().create_share(share_proto='NFS', size=1)
        [share] = self.manila.state.shares.values()
        self.assertEqual(PROJECT, share.project_id)
        self.assertEqual({'project': {'id': PROJECT}}, self.keystone.scopes[-1])

    def test_projects_have_tokens_of_their_own_and_keep_them(self):
        connections = manila.Connections()
        for project_id in (PROJECT, 'c' * 32, PROJECT):
            ctx = context.for_job(user_id='u', project_id=project_id, overwrite=False)
            list(connections.connect(ctx).list_shares())
        self.assertEqual(
            [PROJECT, 'c' * 32, PROJECT],
            [record.identity.project_id for record in self.manila.records],
        )
        self.assertEqual(2, len(self.keystone.scopes))

    def test_the_microversion_is_sent(self):
        list(self.connect().list_shares())
        self.assertEqual(73, self.manila.records[-1].minor)
        self.set_up(microversion='2.98')
        list(self.connect().list_shares())
        self.assertEqual(98, self.manila.records[-1].minor)

    def test_microversions_that_are_too_old(self):
        for version in ('2.72', '2.7', '1.0', '3.0'):
            self.assertRaises(ValueError, self.set_up, microversion=version)

    def test_a_password_that_is_wrong(self):
        self.set_up(password='other')
        error = self.assertRaises(exception.ShareServiceRefused, self.connect)
        self.assertIn('Keystone does not let this service act', str(error))

    def test_keystone_is_not_there(self):
        self.set_up(auth_url='http://127.0.0.1:9/v3')
        error = self.assertRaises(exception.ShareServiceUnavailable, self.connect)
        self.assertNotIn('127.0.0.1', str(error))

    def test_a_keystone_that_hangs_is_waited_for_no_longer_than_who_asks_waits(self):
        silent = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(silent.close)
        self.set_up(auth_url=f'http://127.0.0.1:{silent.getsockname()[1]}/v3')
        ctx = context.for_job(user_id='u', project_id=PROJECT, overwrite=False)
        ctx.answer_by = clock.monotonic() + 0.3
        with stopwatch.Stopwatch() as watch:
            self.assertRaises(
                exception.ShareServiceUnavailable, manila.Connections().connect, ctx
            )
        self.assertLess(watch.seconds, CONF.manila.timeout / 2)

    def test_manila_is_not_in_the_catalog(self):
        self.keystone.catalogue.clear()
        self.assertRaises(exception.ShareServiceUnavailable, self.connect)

    def test_nobody_said_who_we_are(self):
        self.set_up(auth_type=None)
        error = self.assertRaises(exception.ConfigInvalid, self.connect)
        self.assertIn('[manila]auth_type', str(error))
        # Not as if this service were broken.
        self.assertEqual(503, error.code)

    def test_no_request_waits_for_ever(self):
        self.assertEqual(30, CONF.manila.timeout)


class StatusesTest(testtools.TestCase):
    def test_every_status_that_manila_names_is_known(self):
        # As the generated list of Manila 23.0.1 has them.
        names = """
            creating creating_from_snapshot deleting deferred_deleting deleted error
            error_deleting error_deferred_deleting available manage_starting
            manage_error unmanage_starting manage_error_unmanage_starting
            unmanage_error unmanaged extending extending_error shrinking
            shrinking_error migrating migrating_to
            shrinking_possible_data_loss_error replication_change restoring reverting
            reverting_error awaiting_transfer backup_creating backup_restoring
            backup_restoring_error ensuring server_migrating server_migrating_to
            reverting_to_snapshot
        """
        known = set(manila_statuses._BY_STATUS)
        self.assertEqual(set(), set(re.findall(r'\w+', names)) - known)

    def test_none_has_two_meanings(self):
        statuses = [
            each for group in manila_statuses._MEANINGS.values() for each in group
        ]
        self.assertEqual(len(set(statuses)), len(statuses))

    def test_one_of_tomorrow_is_waited_out(self):
        self.assertEqual('busy', manila_statuses.get_meaning('something_new'))
        self.assertEqual('leaving', manila_statuses.get_meaning(None))

    def test_a_share_in_the_recycle_bin(self):
        share = {'status': 'available', 'is_soft_deleted': True}
        status = manila_statuses.get_status(share)
        self.assertEqual('soft_deleted', status)
        self.assertFalse(manila_statuses.can_be_protected(status))

    def test_the_services_name_is_manilaclients(self):
        self.assertEqual(manila_constants.V2_SERVICE_TYPE, manila_conf.OPTS[1].default)
