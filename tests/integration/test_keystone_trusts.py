"""A lease that makes a checkpoint by a trust of a real Keystone."""

import fixtures
from keystoneauth1 import session
from keystoneauth1.identity import v3
import orjson
import sqlalchemy as sa

from mogan_like.clients import keystone as client
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.leases import rpcapi
from mogan_like.trusts import expected
from mogan_like.trusts import release
from tests.emulators import service_user
from tests.emulators.manila import identity
from tests.fixtures import wait_until
from tests.functional.leases import leases_case
from tests.functional.protection import protection_case
from tests.functional.protection import site
from tests.integration import keystone_case

_ROLES = {'member', 'reader'}


class _LosesCreate:
    """Conductors that answer, but for a new lease."""

    def __init__(self):
        self._real = rpcapi.LEASES

    def call(self, ctx, method, **args):
        if method == 'create':
            raise exception.ConductorUnavailable(timeout='1')
        return self._real.call(ctx, method, **args)


class TrustsTest(keystone_case.KeystoneCase):
    """Manila is the emulator, and asks Keystone whose tokens it gets.

    :ivar user: of its own, whose roles may be taken
    """

    def setUp(self):
        super().setUp()
        self.seen = []
        self.site = self.useFixture(site.Site(self._authenticate))
        self.options = {
            **self.site.options,
            'conductor__retry_delay': 1,
            'conductor__scan_interval': 0.2,
            'leases__before_end_grace': 5,
        }
        self.start()
        options = self.keystone.auth_options(through=self.gate)
        CONF.set_override('region_name', options['region_name'], group='keystone')
        self.addCleanup(CONF.clear_override, 'region_name', group='keystone')
        self.user = self.keystone.make_user('demo', 'member')
        access = self.keystone.session(self.user, 'demo').auth
        self.access = access.get_access(session.Session())
        self.token = self.access.auth_token
        self.plan = self._make_plan()
        # From here on Manila is asked with tokens of Keystone.
        self.useFixture(
            service_user.ServiceUser(
                options['auth_url'], 'manila', username='mogan', password='secret'
            )
        )

    def _authenticate(self, environ):
        token = environ['HTTP_X_AUTH_TOKEN']
        if ':' in token:
            return identity.read_spelled(environ)
        found = self.keystone.describe(token)
        if found is None:
            return None
        roles = {role['name'] for role in found['roles']}
        project, user = found['project']['id'], found['user']['id']
        self.seen.append((project, user, roles, 'OS-TRUST:trust' in found))
        return identity.Identity(project, user, tuple(roles))

    def _make_plan(self):
        share = self.site.make_share(self.access.project_id)
        plan = {
            'name': 'a plan',
            'provider_id': site.PROVIDER,
            'resources': [{'id': share, 'type': site.SHARE, 'name': 's'}],
            'parameters': {site.SHARE: protection_case.OPTIONS},
        }
        made = self.change(200, self.token, 'POST', '/v1/plans', {'plan': plan})
        return made.json()['plan']['id']

    def _describe(self):
        reservation = {
            'resource_type': leases_case.DUMMY,
            'before_end': f'plan:{self.plan}',
        }
        return leases_case.describe(start_date='now', reservations=[reservation])

    def _make_lease(self):
        """The path of a lease that runs, and the id of its trust."""
        made = self.change(201, self.token, 'POST', '/v1/leases', self._describe())
        lease = made.json()['lease']
        path = f'/v1/leases/{lease["id"]}'
        self._wait_for(path, 'ACTIVE')
        return path, lease['trust_id']

    def _wait_for(self, path, status):
        """The lease, once it is in a status."""
        admin = self.keystone.token('admin', 'admin')

        def look():
            lease = self.get(admin, path)['lease']
            return lease['status'] == status and lease

        return wait_until(look, f'{path} to be {status}', 60)

    def _get_event(self, lease):
        (found,) = (
            event
            for event in lease['events']
            if event['event_type'] == 'before_end_lease'
        )
        return found['status'], found['result']

    def test_lives_as_long_as_the_lease(self):
        path, trust_id = self._make_lease()
        trust = self.keystone.find_trust(trust_id)
        self.assertEqual(self.access.user_id, trust['trustor_user_id'])
        self.assertEqual(self.access.project_id, trust['project_id'])
        self.assertEqual(_ROLES, {role['name'] for role in trust['roles']})
        self.assertTrue(trust['impersonation'])
        self.assertEqual(0, trust['redelegation_count'] or 0)
        self.change(200, self.token, 'PUT', path, {'end_date': 'now'})
        lease = self._wait_for(path, 'TERMINATED')
        self.assertEqual(('DONE', 'done'), self._get_event(lease))
        me = self.access.project_id, self.access.user_id
        self.assertEqual({(*me, True)}, {(p, u, by) for p, u, _, by in self.seen})
        self.assertTrue(all(roles == _ROLES for _, _, roles, _ in self.seen))
        wait_until(lambda: not self.keystone.find_trust(trust_id), 'the trust to go')

    def test_one_whose_request_is_lost_is_found_by_its_mark(self):
        with fixtures.MonkeyPatch(f'{rpcapi.__name__}.LEASES', _LosesCreate()):
            self.change(503, self.token, 'POST', '/v1/leases', self._describe())
        table = claims.DUE_WORK
        with engine.writer() as conn:
            expecting = table.c.kind == expected.EXPECTED
            payload = conn.execute(sa.select(table.c.payload).where(expecting)).scalar()
            mark = orjson.loads(payload)
            trust_id = client.find_trust(**mark)
            self.assertIsNotNone(trust_id)
            now = clock.utcnow()
            conn.execute(table.update().where(expecting).values(due_at=now, until=now))
        wait_until(lambda: not self.keystone.find_trust(trust_id), 'the trust to go')
        self.assertIsNone(client.find_trust(**mark))

    def test_that_is_dead_keeps_no_lease(self):
        path, trust_id = self._make_lease()
        self.keystone.take_role(self.user, 'demo', 'member')
        admin = self.keystone.token('admin', 'admin')
        self.change(200, admin, 'PUT', path, {'end_date': 'now'})
        lease = self._wait_for(path, 'TERMINATED')
        self.assertEqual(('ERROR', 'failed'), self._get_event(lease))
        self.assertEqual([], self.seen)
        wait_until(lambda: self._find_fault(trust_id), 'the trust to be tried')
        self.assertIsNotNone(self.keystone.find_trust(trust_id))
        self.keystone.give_role(self.user, 'demo', 'member')
        wait_until(lambda: not self.keystone.find_trust(trust_id), 'the trust to go')

    def _find_fault(self, trust_id):
        with engine.reader() as conn:
            found = claims.find(conn, release.TRUST, trust_id)
        return found and found.error

    def test_application_credential_may_not_delegate(self):
        owner = self.keystone.session(self.user, 'demo')
        url = f'{self.keystone.auth_url}/users/{self.access.user_id}'
        url += '/application_credentials'
        body = {'application_credential': {'name': 'app'}}
        made = owner.post(url, json=body).json()['application_credential']
        # With its user alone Keystone would leave its roles behind, and the next
        # credential that gets its number could have none of them.
        self.addCleanup(owner.delete, f'{url}/{made["id"]}')
        auth = v3.ApplicationCredential(
            self.keystone.auth_url,
            application_credential_id=made['id'],
            application_credential_secret=made['secret'],
        )
        token = session.Session(auth).get_token()
        answer = self.change(403, token, 'POST', '/v1/leases', self._describe())
        self.assertEqual('DelegationRefused', answer.json()['error_name'])

    def test_keystone_that_is_away(self):
        self.get(self.token, '/v1/leases')
        self.gate.shut()
        answer = self.change(503, self.token, 'POST', '/v1/leases', self._describe())
        self.assertEqual('IdentityServiceUnavailable', answer.json()['error_name'])
        self.assertEqual([], self.get(self.token, '/v1/leases')['leases'])
