"""Locks and keypairs that are asked for at the same moment: one is made."""

import functools

from tests import personas
from tests import racing
from tests.functional.compute import compute_case
from tests.functional.instances import instances_case

_ROUNDS = 20


class LockRaces:
    options = {'fake__nodes': _ROUNDS, 'quota__instances': -1}

    def race(self, *askers):
        """Locks of fresh servers by two at once: whose lasts, the other's words."""
        for uuid in self.insert_instances(_ROUNDS):
            self.prepare(uuid)
            answers = racing.at_once(
                *(
                    functools.partial(
                        self.act, uuid, 'lock', {'locked_reason': reason}, client
                    )
                    for reason, client in askers
                )
            )
            reasons = {
                answer.status: reason
                for answer, (reason, _client) in zip(answers, askers, strict=True)
            }
            self.assertEqual({202, 409}, set(reasons), answers)
            (refused,) = (answer for answer in answers if answer.status == 409)
            self.check(uuid, reasons[202], refused)
            self.assertEqual(
                [('lock', 'refused'), ('lock', 'success')], sorted(self.audit(uuid))
            )

    def check(self, uuid, reason, refused):
        """It is locked for the winner's reason, and the other is told by whom."""
        row = self.row(uuid)
        self.assertEqual((self.holder, reason), (row.locked_by, row.lock_reason))
        message = self.assert_fault(refused, 409, 'conflictingRequest')
        self.assertIn(f'locked by an {self.holder} since 20', message)


class AdminsRaces(LockRaces):
    holder = 'admin'

    def prepare(self, uuid):
        self.put(uuid, 'LOCKED', locked_by='owner')

    def test_one_of_two_admins_takes_over_an_owners_lock(self):
        project_admin = self.service.client(personas.PROJECT_ADMIN)
        self.race(('fans', self.admin), ('power', project_admin))


class OwnersRaces(LockRaces):
    holder = 'owner'

    def prepare(self, uuid):
        """Nothing: it is free."""

    def test_one_of_two_owners_locks(self):
        manager = self.service.client(personas.MANAGER)
        self.race(('mine', self.member), ('ours', manager))


class KeypairRaces:
    options = {'fake__nodes': 1}

    def test_one_of_two_keypairs_of_a_name_is_made(self):
        for number in range(_ROUNDS):
            body = {'keypair': {'name': f'k{number}', 'public_key': compute_case.KEY}}
            send = functools.partial(self.member.post, '/v2.1/os-keypairs', body)
            made, refused = sorted(
                racing.at_once(send, send), key=lambda answer: answer.status
            )
            self.assertEqual(201, made.status, made)
            self.assert_fault(refused, 409, 'conflictingRequest')


instances_case.on_each_database(
    globals(), AdminsRaces, OwnersRaces, KeypairRaces, base=compute_case.ComputeCase
)
