"""Verbs that come at the same moment: one order explains every answer."""

import datetime
import functools
import itertools
import sys

from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.instances import rpcapi
from mogan_like.instances import states
from tests import fixtures
from tests import personas
from tests import racing
from tests.functional.instances import instances_case
from tests.functional.instances import verbs

_ROUNDS = 200


def _answer_of(answer):
    """(status, error's name or None)."""
    return answer.status, (answer.body or {}).get('error_name')


class LockRaces:
    options = {'fake__nodes': _ROUNDS, 'quota__instances': -1}

    def setUp(self):
        super().setUp()
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        # Threads take turns in the middle of everything.
        sys.setswitchinterval(0.0001)

    def race(self, uuid, *names):
        """[(status, error's name)] of verbs that start together."""
        return [
            _answer_of(answer)
            for answer in racing.at_once(
                *(
                    functools.partial(verbs.VERBS[name].send, self.admin, uuid)
                    for name in names
                )
            )
        ]

    def test_lock_against_delete_has_one_winner_each_time(self):
        locked, deleted = set(), set()
        for number, uuid in enumerate(self.insert_instances(_ROUNDS)):
            # Whoever is named first has a small lead.
            names = ('lock', 'delete') if number % 2 else ('delete', 'lock')
            answers = dict(zip(names, self.race(uuid, *names), strict=True))
            if answers['lock'] == (202, None):
                self.check_locked(uuid, answers)
                locked.add(uuid)
            else:
                self.check_deleted(uuid, answers)
                deleted.add(uuid)
        for uuid in deleted:
            self.service.wait_for(uuid, states.DELETED)
        self.check_all(locked, deleted)

    def check_locked(self, uuid, answers):
        self.assertEqual((403, 'OperationNotPermitted'), answers['delete'])
        self.assertEqual(states.LOCKED, self.row(uuid).status)
        self.assertEqual(
            {('lock', 'success'), ('delete', 'refused')}, set(self.audit(uuid))
        )

    def check_deleted(self, uuid, answers):
        self.assertEqual((202, None), answers['delete'])
        audit = [entry for entry in self.audit(uuid) if entry[0] == 'lock']
        if answers['lock'] == (403, 'OperationNotPermitted'):
            self.assertEqual([('lock', 'refused')], audit)
        else:
            # It came when all was over: for the conductor, or already for
            # the API, which asks the conductor nothing then.
            self.assertEqual((404, 'InstanceNotFound'), answers['lock'])
            self.assertIn(audit, ([], [('lock', 'refused')]))

    def check_all(self, locked, deleted):
        """Nobody's node was given back but that of who is deleted."""
        self.assertEqual(locked, set(self.taken_nodes().values()))
        self.assertEqual(len(locked), self.used(personas.PROJECT))
        for uuid in locked:
            self.assertEqual(states.LOCKED, self.row(uuid).status)
        for uuid in deleted:
            deletes = [entry for entry in self.audit(uuid) if entry[0] == 'delete']
            self.assertEqual([('delete', 'success')], deletes)
        self.assertTrue(locked and deleted, 'it was no race')

    def test_any_two_verbs_at_once_are_as_if_one_came_first(self):
        pairs = list(itertools.combinations_with_replacement(verbs.VERBS, 2)) * 2
        made = self.insert_instances(len(pairs), with_machines=True)
        for (one, two), uuid in zip(pairs, made, strict=True):
            answers = self.race(uuid, one, two)
            self.assertIn(
                tuple(answers),
                {*explain(one, two), *(pair[::-1] for pair in explain(two, one))},
                (one, two),
            )
            refused = [code for code, _title in answers if code == 403 or code == 409]
            audit = [entry for entry in self.audit(uuid) if entry[1] == 'refused']
            # A 404 may have been the API's or the conductor's.
            gone = [code for code, _title in answers if code == 404]
            self.assertLessEqual(len(refused), len(audit))
            self.assertLessEqual(len(audit), len(refused) + len(gone))
        self.wait_until_idle()
        live = {
            row.uuid
            for row in self.rows(instances_case.INSTANCES)
            if row.deleted_at is None
        }
        self.assertEqual(live, set(self.taken_nodes().values()))
        self.assertEqual(len(live), self.used(personas.PROJECT))
        results = {row.result for row in self.rows(instances_case.ACTIONS)}
        self.assertNotIn(None, results)
        self.assertNotIn('error', results)

    def wait_until_idle(self):
        """Wait until no instance has work that is due."""
        fixtures.wait_until(
            lambda: not self.rows(instances_case.DUE_WORK, kind='instance'),
            'all work to be done',
        )

    def test_takeover_against_the_owners_unlock_ends_in_the_admins_lock(self):
        for uuid in self.insert_instances(30):
            self.put(uuid, states.LOCKED, locked_by='owner')
            lock = functools.partial(verbs.VERBS['lock'].send, self.admin, uuid)
            taken, released = racing.at_once(
                lock, functools.partial(_call, 'unlock', uuid, holder='owner')
            )
            self.assertEqual((202, None), _answer_of(taken))
            row = self.row(uuid)
            self.assertEqual((states.LOCKED, 'admin'), (row.status, row.locked_by))
            if released is not None:
                self.assertIsInstance(released, exception.OperationNotPermitted)
            result = 'success' if released is None else 'refused'
            self.assertEqual(
                {('lock', 'success'), ('unlock', result)}, set(self.audit(uuid))
            )


class ExpiryRaces:
    options = {
        'fake__nodes': 40,
        'quota__instances': -1,
        'conductor__scan_interval': 0.05,
    }

    def test_unlock_against_expiry_is_one_release(self):
        made = self.insert_instances(40)
        over = clock.utcnow() + datetime.timedelta(seconds=1)
        self.lock_until(made, over)
        lead = datetime.timedelta(seconds=0.05)
        fixtures.wait_until(
            lambda: clock.utcnow() + lead > over, 'the time to be almost over'
        )
        answers = racing.at_once(
            *(functools.partial(_call, 'unlock', uuid, holder='admin') for uuid in made)
        )
        for uuid, answer in zip(made, answers, strict=True):
            self.service.wait_for(uuid, states.ACTIVE)
            releases = sorted(
                (row.result, row.cause)
                for row in self.rows(instances_case.ACTIONS, object_id=uuid)
            )
            if answer is None:
                self.assertEqual([('success', 'user')], releases)
            else:
                self.assertIsInstance(answer, exception.OperationNotPermitted)
                self.assertEqual([('refused', 'user'), ('success', 'expiry')], releases)


def _call(method, uuid, **args):
    ctx = context.RequestContext(user_id='u', project_id=personas.PROJECT)
    rpcapi.INSTANCES.call(ctx, method, uuid=uuid, **args)


def explain(first, second):
    """The answers that are right when the one verb comes before the other.

    The instance was ACTIVE; between the two, jobs may have ended.
    """
    code, title, status = verbs.judge(verbs.VERBS[first], states.ACTIVE)
    reached, fresh = set(), {status}
    while fresh:
        reached |= fresh
        fresh = {
            states.TRANSITIONS[state, event]
            for state, event in states.TRANSITIONS
            if state in fresh and event in ('done', 'fail')
        } - reached
    for between in reached:
        later = verbs.judge(verbs.VERBS[second], between)
        yield (code, title), later[:2]


instances_case.on_each_database(globals(), LockRaces, ExpiryRaces)
