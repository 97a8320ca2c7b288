"""No trust is left behind, whoever dies between making it and keeping it."""

import fixtures

from mogan_like.clients import keystone as client
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.trusts import create
from mogan_like.trusts import expected
from mogan_like.trusts import manager
from mogan_like.trusts import release
from mogan_like.trusts import rpcapi
from tests import personas
from tests.emulators import keystone
from tests.emulators import service_user
from tests.unit.db import db_case


class _Conductor:
    """A conductor's answers, without the way there."""

    def call(self, ctx, method):
        return getattr(manager.TrustsManager(), method)(ctx)

    cast = call


class _Away:
    def call(self, _ctx, _method):
        raise exception.ConductorUnavailable(timeout='1')


class ExpectedTest(db_case.DatabaseCase):
    options = {'api__auth_strategy': 'keystone'}

    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(
            keystone.Keystone(personas.MEMBER, personas.OTHER_MEMBER, personas.SERVICE)
        )
        self.trusts = self.keystone.trusts
        self.user = self.useFixture(service_user.ServiceUser(self.keystone.auth_url))
        self.be(_Conductor())

    def be(self, conductor):
        patch = fixtures.MonkeyPatch(f'{rpcapi.__name__}.TRUSTS', conductor)
        self.useFixture(patch)

    def ctx(self, persona=personas.MEMBER):
        return context.RequestContext(
            overwrite=False,
            auth_token=persona.name,
            user_id=persona.user_id,
            project_id=persona.project_id,
            roles=list(persona.roles),
        )

    def make(self, ctx=None):
        """A trust whose request ends here, as if its process had died."""
        with create.made(ctx or self.ctx()) as trust_id:
            return trust_id

    def works(self, kind=expected.EXPECTED):
        return self.rows(claims.DUE_WORK, kind=kind)

    def claim(self, kind=expected.EXPECTED):
        """Claims on all that is expected, as if its time had come."""
        now = clock.utcnow()
        self.in_transaction(
            lambda conn: conn.execute(
                claims.DUE_WORK.update().values(until=now, due_at=now, owner=None)
            )
        )
        return self.in_transaction(claims.claim_due, [kind], 10, 30)

    def give_back(self):
        """All that is to be done."""
        for claim in self.claim():
            expected.run(claim)
        for claim in self.claim(release.TRUST):
            release.run(claim)
        self.assertEqual([], self.rows(claims.DUE_WORK))

    def keep(self, ctx, trust_id):
        self.in_transaction(expected.keep, ctx, trust_id)

    def test_it_is_not_due_at_once(self):
        self.make()
        (work,) = self.works()
        left = (work['until'] - clock.utcnow()).total_seconds()
        self.assertTrue(500 < left <= 600, left)

    def test_one_that_nobody_kept(self):
        for _ in range(2):
            self.make()
        others = self.make(self.ctx(personas.OTHER_MEMBER))
        ctx = self.ctx()
        kept = self.make(ctx)
        self.keep(ctx, kept)
        (theirs,) = (
            work
            for work in self.works()
            if personas.OTHER_MEMBER.user_id in work['payload']
        )
        self.in_transaction(claims.remove, expected.EXPECTED, theirs['object_id'])
        self.give_back()
        self.assertEqual({others, kept}, set(self.trusts.kept))

    def test_the_mark_of_another_trustor(self):
        """It is the service user's, but not one that was asked for here."""
        self.make()
        (work,) = self.works()
        mark = list(self.trusts.kept.values())[0]['expires_at']
        self.trusts.kept.clear()
        theirs = client.make_trust(self.ctx(personas.OTHER_MEMBER), mark)
        self.give_back()
        self.assertEqual([theirs], list(self.trusts.kept))

    def test_one_that_was_never_made(self):
        self.trusts.faults.append(503)
        self.assertRaises(exception.IdentityServiceUnavailable, self.make)
        self.assertEqual(1, len(self.works()))
        self.give_back()

    def test_one_that_keystone_refused_is_not_looked_for(self):
        for status, error in ((403, 'DelegationRefused'), (401, 'Unauthorized')):
            self.trusts.faults.append(status)
            self.assertRaises(getattr(exception, error), self.make)
            self.assertEqual([], self.works())

    def test_refused_and_there_is_no_conductor_any_more(self):
        conductor = _Conductor()
        conductor.cast = _Away().call
        self.be(conductor)
        self.trusts.faults.append(403)
        self.assertRaises(exception.DelegationRefused, self.make)
        self.give_back()

    def test_one_whose_answer_was_lost(self):
        post = self.trusts.answer

        def lose(method, *args):
            answer = post(method, *args)
            if method == 'POST':
                raise keystone.keystone_trusts.Refused(503)
            return answer

        self.trusts.answer = lose
        self.assertRaises(exception.IdentityServiceUnavailable, self.make)
        self.assertEqual(1, len(self.trusts.kept))
        self.give_back()
        self.assertEqual({}, self.trusts.kept)

    def test_none_is_made_that_nobody_could_keep(self):
        self.be(_Away())
        self.assertRaises(exception.ConductorUnavailable, self.make)
        self.assertEqual({}, self.trusts.kept)

    def fail_to_send(self, may_be_done):
        error = exception.ConductorUnavailable(timeout='1')
        error.may_be_done = may_be_done

        def send():
            with create.made(self.ctx()):
                raise error

        self.assertRaises(exception.ConductorUnavailable, send)

    def test_a_message_that_was_surely_not_sent(self):
        self.fail_to_send(may_be_done=False)
        self.assertEqual({}, self.trusts.kept)
        self.give_back()

    def test_a_message_that_may_have_been_sent(self):
        self.fail_to_send(may_be_done=True)
        self.assertEqual(1, len(self.trusts.kept))
        self.give_back()
        self.assertEqual({}, self.trusts.kept)

    def test_not_sent_and_keystone_is_away(self):
        made = self.trusts.answer

        def refuse(method, *args):
            if method == 'DELETE':
                raise keystone.keystone_trusts.Refused(500)
            return made(method, *args)

        self.trusts.answer = refuse
        self.fail_to_send(may_be_done=False)
        self.trusts.answer = made
        self.assertEqual(1, len(self.trusts.kept))
        self.give_back()
        self.assertEqual({}, self.trusts.kept)

    def test_kept_too_late(self):
        ctx = self.ctx()
        trust_id = self.make(ctx)
        self.give_back()
        self.assertRaises(exception.RequestTooLate, self.keep, ctx, trust_id)

    def test_kept_while_it_is_looked_for(self):
        """Whoever is first in the database has it."""
        ctx = self.ctx()
        trust_id = self.make(ctx)
        (claim,) = self.claim()
        self.keep(ctx, trust_id)
        expected.run(claim)
        self.assertEqual([], self.rows(claims.DUE_WORK))
        self.assertEqual([trust_id], list(self.trusts.kept))

    def test_what_keeps_it_is_undone(self):
        ctx = self.ctx()
        trust_id = self.make(ctx)

        def fail(conn):
            expected.keep(conn, ctx, trust_id)
            raise KeyError

        self.assertRaises(KeyError, self.in_transaction, fail)
        self.give_back()
        self.assertEqual({}, self.trusts.kept)

    def test_refused_it_is_looked_for_no_more(self):
        ctx = self.ctx()
        trust_id = self.make(ctx)
        with expected.kept_or_released(ctx, trust_id, lambda _conn: False):
            pass
        self.assertEqual([], self.works())
        self.assertEqual([trust_id], [w['object_id'] for w in self.works('trust')])

    def test_keystone_is_waited_for(self):
        self.make()
        self.trusts.faults.append(503)
        (claim,) = self.claim()
        expected.run(claim)
        (work,) = self.works()
        self.assertIn('503', work['error'])
        self.assertGreater(work['until'], clock.utcnow())
        self.user.change(password='wrong')
        (claim,) = self.claim()
        expected.run(claim)
        self.assertIn('credentials', self.works()[0]['error'])
        self.user.change(password=keystone.PASSWORD)
        self.give_back()
        self.assertEqual({}, self.trusts.kept)
