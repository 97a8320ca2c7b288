"""Trusts are given back once, for sure, and whatever comes in between."""

from mogan_like.clients import keystone as client
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.conductor import service
from mogan_like.db import claims
from mogan_like.trusts import release
from tests import personas
from tests.emulators import keystone
from tests.emulators import service_user
from tests.fixtures import wait_until
from tests.unit.db import db_case


class ReleaseTest(db_case.DatabaseCase):
    options = {'api__auth_strategy': 'keystone', 'conductor__scan_interval': 0.1}

    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(
            keystone.Keystone(personas.MEMBER, personas.SERVICE)
        )
        self.trusts = self.keystone.trusts
        self.user = self.useFixture(service_user.ServiceUser(self.keystone.auth_url))
        ctx = context.RequestContext(
            overwrite=False,
            auth_token=personas.MEMBER.name,
            user_id=personas.MEMBER.user_id,
            project_id=personas.MEMBER.project_id,
            roles=list(personas.MEMBER.roles),
        )
        self.trust_id = client.make_trust(ctx, '3456-07-08T09:10:11.000000Z')

    def release(self, trust_id=None):
        self.in_transaction(release.release, trust_id or self.trust_id)

    def claim(self):
        """A claim of what is due next, whenever that is."""
        now = clock.utcnow()
        self.in_transaction(
            lambda conn: conn.execute(
                claims.DUE_WORK.update().values(until=now, due_at=now, owner=None)
            )
        )
        (claim,) = self.in_transaction(claims.claim_due, [release.TRUST], 10, 30)
        return claim

    def due(self):
        rows = self.rows(claims.DUE_WORK)
        return rows[0] if rows else None

    def get_pause(self):
        return (self.due()['until'] - clock.utcnow()).total_seconds()

    def test_is_deleted(self):
        self.release()
        release.run(self.claim())
        self.assertEqual({}, self.trusts.kept)
        self.assertIsNone(self.due())

    def test_nothing_to_give_back(self):
        self.in_transaction(release.release, None)
        self.assertIsNone(self.due())

    def test_given_back_twice_it_is_deleted_once(self):
        self.release()
        self.release()
        self.assertEqual(1, len(self.rows(claims.DUE_WORK)))
        release.run(self.claim())
        self.release()
        release.run(self.claim())
        self.assertIsNone(self.due())

    def test_transaction_that_is_undone_keeps_it(self):
        def fail(conn):
            release.release(conn, self.trust_id)
            raise KeyError

        self.assertRaises(KeyError, self.in_transaction, fail)
        self.assertIsNone(self.due())

    def test_killed_between_the_delete_and_its_row(self):
        self.release()
        first = self.claim()
        finish, release._finish = release._finish, _die
        self.addCleanup(setattr, release, '_finish', finish)
        self.assertRaises(SystemExit, release.run, first)
        release._finish = finish
        self.assertEqual({}, self.trusts.kept)
        release.run(self.claim())
        self.assertIsNone(self.due())

    def test_late_worker_changes_nothing(self):
        self.release()
        late = self.claim()
        second = self.claim()
        release.run(late)
        self.assertEqual(second.owner, self.due()['owner'])
        self.trusts.faults.append(503)
        release.run(late)
        self.assertEqual(second.owner, self.due()['owner'])

    def test_is_tried_for_ever_with_pauses_that_grow_and_a_log_that_does_not(self):
        self.trusts.take_role(personas.MEMBER, 'member')
        self.release()
        told = _Told(self, release)
        pauses = []
        for _ in range(20):
            release.run(self.claim())
            pauses.append(self.get_pause())
        self.assertIn('does not let', self.due()['error'])
        self.assertTrue(1 < pauses[0] < 3, pauses)
        self.assertTrue(2500 < pauses[-1] < 4600, pauses)
        self.assertEqual([1, 2, 4, 8, 16], told.attempts)
        self.trusts.give_role(personas.MEMBER, 'member')
        release.run(self.claim())
        self.assertIsNone(self.due())

    def test_a_bug_is_no_end(self):
        self.release()
        self.trusts.answer = lambda *_args: 1 / 0
        release.run(self.claim())
        self.assertIsNotNone(self.due()['error'])
        delete, release.keystone = release.keystone, None
        self.addCleanup(setattr, release, 'keystone', delete)
        release.run(self.claim())
        self.assertIn('internal error', self.due()['error'])

    def test_credentials_that_are_gone_are_waited_for(self):
        self.release()
        self.user.change(auth_type=None)
        release.run(self.claim())
        self.assertIn('auth_type', self.due()['error'])
        self.assertEqual([self.trust_id], list(self.trusts.kept))

    def test_conductors_engine_does_it(self):
        engine = service._make_trusts()
        engine.start()
        self.addCleanup(engine.release_all)
        self.addCleanup(engine.stop)
        self.trusts.faults.append(500)
        self.release()
        wait_until(lambda: not self.due(), 'the trust to be given back')
        self.assertEqual({}, self.trusts.kept)


class _Told:
    """Which tries were logged."""

    def __init__(self, test, module):
        self.attempts = []
        log = module.LOG
        module.LOG = self
        test.addCleanup(setattr, module, 'LOG', log)

    def warning(self, _line, _trust_id, attempts, *_why):
        self.attempts.append(attempts)


def _die(*_args):
    raise SystemExit
