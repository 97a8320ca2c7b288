"""Leases that make a checkpoint of a plan before they end, by a trust."""

import datetime

from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.trusts import release
from tests import fixtures
from tests import personas
from tests.emulators import keystone
from tests.emulators import service_user
from tests.emulators.manila import identity
from tests.functional.leases import leases_case
from tests.functional.protection import protection_case
from tests.functional.protection import site

MEMBER, OTHER = personas.MEMBER, personas.OTHER_MEMBER
_AT = '@'


class ScopedKeystone(keystone.Keystone):
    """Keystone that gives its service user tokens for any project."""

    def issue(self, request):
        issued = super().issue(request)
        project = request['auth'].get('scope', {}).get('project', {}).get('id')
        if issued is None or project is None:
            return issued
        token, answer = issued
        answer['project']['id'] = project
        return f'{token}{_AT}{project}', answer


class BeforeEndCase(protection_case.ProtectionCase, leases_case.LeasesCase):
    """A service between a Keystone and a Manila.

    :ivar tokens: (request, token) of what Manila was asked
    """

    options = {
        'api__auth_strategy': 'keystone',
        'conductor__retry_delay': 1,
        'conductor__scan_interval': 0.2,
    }

    def setUp(self):
        self.tokens = []
        self.keystone = self.useFixture(
            ScopedKeystone(
                MEMBER, OTHER, personas.ADMIN, personas.PROJECT_ADMIN, personas.SERVICE
            )
        )
        super().setUp()
        for group in ('keystone', 'manila'):
            user = service_user.ServiceUser(self.keystone.auth_url, group)
            self.useFixture(user)
        self.plan = self.make_plan(client=_WithToken(self.member))
        self.member = _WithToken(self.member)
        self.admin = _WithToken(self.admin)

    def make_site(self):
        return site.Site(self._authenticate)

    def _authenticate(self, environ):
        token = environ['HTTP_X_AUTH_TOKEN']
        self.tokens.append((environ['REQUEST_METHOD'], environ['PATH_INFO'], token))
        name, _, project = token.partition(_AT)
        if project:
            return identity.Identity(project, name, ('admin',))
        persona, delegated = self.keystone.trusts.find_persona(token)
        if delegated:
            project = self.keystone.trusts.find_project(token)
            return identity.Identity(project, persona.user_id, persona.roles)
        return identity.read_spelled(environ)

    def list_trusts(self):
        return list(self.keystone.trusts.kept)

    def wait_for_no_trusts(self):
        fixtures.wait_until(lambda: not self.list_trusts(), 'the trusts to be deleted')

    def ask_for(self, plan=None, **values):
        """A reservation that asks for a checkpoint before the end."""
        return {
            'resource_type': leases_case.DUMMY,
            'before_end': f'plan:{(plan or self.plan)["id"]}',
            **values,
        }

    def start_lease(self, *reservations, **values):
        """A lease that runs."""
        reservations = list(reservations) or [self.ask_for()]
        made = self.make(start_date='now', reservations=reservations, **values)
        self.wait_for_lease(made['id'], 'ACTIVE')
        return made

    def end(self, lease):
        answer = self.member.put(f'/v1/leases/{lease["id"]}', {'end_date': 'now'})
        self.assertEqual(200, answer.status, answer)

    def list_checkpoints(self):
        return self.list(self.checkpoints, 'checkpoints')

    def wait_for_checkpoint(self, status='protecting'):
        """The only checkpoint that there is."""

        def find():
            found = self.list_checkpoints()
            return found and found[0]['status'] == status and found

        (found,) = fixtures.wait_until(find, f'a checkpoint to be {status}')
        return found

    def get_event(self, lease):
        """The status and the result of the work before the end."""
        events = self.read(lease['id'])['events']
        (found,) = (e for e in events if e['event_type'] == 'before_end_lease')
        return found['status'], found['result']

    def list_audit(self, lease):
        """{action: its events' messages}."""
        path = f'/v1/leases/{lease["id"]}/actions?events=true'
        actions = self.admin.get(path).body['actions']
        return {
            each['action']: [event['message'] for event in each['events']]
            for each in actions
        }


class StoryTest(BeforeEndCase):
    options = {**BeforeEndCase.options, 'fake__nodes': 1}

    def test_checkpoint_then_lock_then_end(self):
        self.service.wait_for_nodes(1)
        self.admin.post('/v1/os-hosts', {'name': 'fake-0'})
        host = self.ask_for(resource_type='physical:host', min=1, max=1)
        lease = self.start_lease(host)
        (trust,) = self.keystone.trusts.kept.values()
        self.assertEqual(trust['id'], lease['trust_id'])
        self.assertEqual(MEMBER.user_id, trust['trustor_user_id'])
        self.assertEqual(MEMBER.project_id, trust['project_id'])
        instance = self.service.make_instance(
            reservation=lease['reservations'][0]['id']
        )
        self.service.lock(instance)
        # The snapshot takes its time, and the lease waits for it.
        self.site.manila.switches.outcome('snapshots.create', 'stuck')
        self.end(lease)
        checkpoint = self.wait_for_checkpoint()
        fixtures.wait_until(
            lambda: checkpoint['id'] in self.get_reason(lease), 'the lease to wait'
        )
        (snapshot,) = fixtures.wait_until(self.find_snapshots, 'a snapshot')
        self.assertEqual('active', self.read(lease['id'])['reservations'][0]['status'])
        # Another conductor goes on with the same checkpoint.
        self.service.stop_conductor()
        self.service.start_conductor()
        self.site.manila.set_status('snapshot', snapshot, 'available')
        self.wait_for_checkpoint('available')
        fixtures.wait_until(
            lambda: instance in self.get_reason(lease), 'the lock to hold the end'
        )
        self.assertEqual(('DONE', 'done'), self.get_event(lease))
        self.assertEqual([trust['id']], self.list_trusts())
        path = f'/v1/instances/{instance}/states/unlock'
        self.assertEqual(202, self.admin.put(path, {'unlock': None}).status)
        self.wait_for_lease(lease['id'], 'TERMINATED')
        self.wait_for_no_trusts()
        self.assertEqual(1, len(self.list_checkpoints()))
        self.assertEqual([snapshot], self.find_snapshots())
        self.assertEqual({'trust:' + trust['id']}, self.list_makers())

    def find_snapshots(self):
        with self.site.manila.state.lock:
            return list(self.site.manila.state.snapshots)

    def get_reason(self, lease):
        """Why a lease waits."""
        return (self.read(lease['id'])['waiting_for'] or {'reason': ''})['reason']

    def list_makers(self):
        """The tokens that snapshots were made with."""
        return {
            token
            for method, path, token in self.tokens
            if method == 'POST' and path.endswith('/snapshots')
        }


class FailingTest(BeforeEndCase):
    options = {**BeforeEndCase.options, 'leases__before_end_grace': 1}

    def start_failing_lease(self, lease):
        """A lease whose work before the end is due from the start, and has failed."""
        # Dates alone ask nobody for plan or trust.
        dates = {'start_date': 'now', 'before_end_date': 'now'}
        answer = self.member.put(f'/v1/leases/{lease["id"]}', dates)
        self.assertEqual(200, answer.status, answer)
        fixtures.wait_until(
            lambda: self.get_event(lease) == ('ERROR', 'failed'), 'the work to fail'
        )

    def assert_ends(self, lease, words):
        """It ends after the grace, and the audit has these words."""
        self.end(lease)
        self.wait_for_lease(lease['id'], 'TERMINATED')
        self.assertEqual(('ERROR', 'failed'), self.get_event(lease))
        events = self.read(lease['id'])['events']
        (end,) = (each for each in events if each['event_type'] == 'end_lease')
        held = _parse(end['updated_at']) - _parse(self.read(lease['id'])['end_date'])
        self.assertGreaterEqual(held.total_seconds(), 1)
        self.assertIn(words, str(self.list_audit(lease)['before_end']))

    def test_checkpoint_that_fails_holds_the_end_for_the_grace(self):
        self.site.manila.switches.refuse('snapshots.create', 403)
        lease = self.make(reservations=[self.ask_for()])
        self.start_failing_lease(lease)
        self.assert_ends(lease, 'Manila refused')
        self.assertEqual({'error'}, {c['status'] for c in self.list_checkpoints()})
        self.wait_for_no_trusts()

    def test_plan_that_is_gone(self):
        lease = self.make(reservations=[self.ask_for()])
        path = f'/v1/plans/{self.plan["id"]}'
        self.assertEqual(200, self.member.delete(path).status)
        self.start_failing_lease(lease)
        self.assert_ends(lease, self.plan['id'])
        self.assertEqual([], self.list_checkpoints())
        self.wait_for_no_trusts()

    def test_trust_that_is_dead(self):
        lease = self.make(reservations=[self.ask_for()])
        self.keystone.trusts.take_role(MEMBER, 'member')
        self.start_failing_lease(lease)
        self.assert_ends(lease, 'does not let this service act')
        fixtures.wait_until(lambda: self.find_fault(lease), 'the trust to be tried')
        self.assertEqual([lease['trust_id']], self.list_trusts())
        self.keystone.trusts.give_role(MEMBER, 'member')
        self.wait_for_no_trusts()
        fixtures.wait_until(lambda: not self.find_release(lease), 'nothing to be due')

    def find_release(self, lease):
        with engine.reader() as conn:
            return claims.find(conn, release.TRUST, lease['trust_id'])

    def find_fault(self, lease):
        found = self.find_release(lease)
        return found and found.error


class DelegationTest(BeforeEndCase):
    def refuse(self, status, *reservations, client=None, **values):
        body = leases_case.describe(reservations=list(reservations), **values)
        answer = (client or self.member).post('/v1/leases', body)
        self.assertEqual(status, answer.status, answer)
        return answer.body['error_message']

    def test_refused_leases_leave_no_trust(self):
        theirs = self.make_plan(client=_WithToken(self.other))
        for reservation in (
            self.ask_for(theirs),
            self.ask_for({'id': protection_case.NOT_THERE}),
            self.ask_for({'id': 'x'}),
            self.ask_for(before_end='plan'),
        ):
            self.assertIn('before_end', self.refuse(400, reservation))
        # By the conductor, for another reason.
        self.refuse(400, self.ask_for(), end_date='2020-01-01 00:00')
        self.wait_for_no_trusts()
        for status, code in ((500, 503), (401, 401), (403, 403)):
            self.keystone.trusts.faults.append(status)
            self.refuse(code, self.ask_for())
        stranger = _WithToken(self.service.member, 'x')
        self.refuse(401, self.ask_for(), client=stranger)
        self.assertEqual([], self.list_names())
        self.assertEqual([], self.list_trusts())

    def test_made_once_and_only_where_it_is_needed(self):
        for work in ('notify', '', 'default', None):
            reservation = {'resource_type': leases_case.DUMMY, 'before_end': work}
            self.assertIsNone(self.make(reservations=[reservation])['trust_id'])
        lease = self.make()
        self.assertEqual([], self.list_trusts())
        path = f'/v1/leases/{lease["id"]}'
        asked = {**self.ask_for(), 'id': lease['reservations'][0]['id']}
        body = {'reservations': [asked]}
        # It would be an authority in another project.
        self.assertEqual(403, self.admin.put(path, body).status)
        self.assertEqual([], self.list_trusts())
        changed = self.member.put(path, body).body['lease']
        self.assertEqual([changed['trust_id']], self.list_trusts())
        # There is one already, so this needs none.
        self.assertEqual(200, self.admin.put(path, body).status)
        bad = {**asked, 'before_end': f'plan:{protection_case.NOT_THERE}'}
        answer = self.member.put(path, {'reservations': [bad]})
        self.assertEqual(400, answer.status)
        self.assertEqual([changed['trust_id']], self.list_trusts())
        many = self.make(reservations=[self.ask_for(), self.ask_for()])
        self.assertEqual(
            {changed['trust_id'], many['trust_id']}, set(self.list_trusts())
        )
        for each in (changed, many):
            self.member.delete(f'/v1/leases/{each["id"]}')
        self.wait_for_no_trusts()


def _parse(text):
    return datetime.datetime.fromisoformat(text)


class _WithToken:
    """A client that sends its persona's token as well."""

    def __init__(self, client, token=None):
        self._client = client
        self.persona = client.persona
        self._headers = {'X-Auth-Token': token or client.persona.name}

    def get(self, path):
        return self._client.get(path, headers=self._headers)

    def post(self, path, body):
        return self._client.post(path, body, headers=self._headers)

    def put(self, path, body):
        return self._client.put(path, body, headers=self._headers)

    def delete(self, path):
        return self._client.delete(path, headers=self._headers)
