"""Idempotency-Key of verbs: what is sent again after its end is not done again."""

from mogan_like.instances import states
from tests import fixtures
from tests import personas
from tests import racing
from tests.functional.instances import instances_case

_REBUILD = {'rebuild': {'imageRef': fixtures.IMAGE}}


class VerbsCase(instances_case.InstancesCase):
    def setUp(self):
        super().setUp()
        self.uuid = self.service.make_instance()

    def act(self, body, key='key-1', client=None):
        """The answer to an action of the Nova view under a key."""
        return (client or self.member).post(
            f'/v2.1/servers/{self.uuid}/action', body, headers={'Idempotency-Key': key}
        )

    def put(self, verb, body, key='key-1', client=None):
        """The answer to a change of state under a key."""
        return (client or self.member).put(
            f'/v1/instances/{self.uuid}/states/{verb}',
            body,
            headers={'Idempotency-Key': key},
        )

    def verbs(self):
        return [verb for verb, _ in self.audit(self.uuid)][1:]


class VerbsTest(VerbsCase):
    def assert_done_once(self, send, verb, status=states.ACTIVE):
        first = send()
        self.assertEqual(202, first.status, first)
        self.service.wait_for(self.uuid, status)
        again = send()
        self.assertEqual(202, again.status, again)
        self.service.wait_for(self.uuid, status)
        self.assertEqual([verb], self.verbs())

    def test_rebuild_by_nova(self):
        self.assert_done_once(lambda: self.act(_REBUILD), 'rebuild')

    def test_reboot_by_nova(self):
        body = {'reboot': {'type': 'HARD'}}
        self.assert_done_once(lambda: self.act(body), 'reboot')

    def test_lock_and_unlock_by_nova(self):
        self.assert_done_once(lambda: self.act({'lock': None}), 'lock', states.LOCKED)
        for _ in range(2):
            self.assertEqual(202, self.act({'unlock': None}, 'key-2').status)
        # It was released since: that it was locked once is what was asked for.
        self.assertEqual(202, self.act({'lock': None}).status)
        self.assertEqual(['lock', 'unlock'], self.verbs())
        self.assertEqual(states.ACTIVE, self.row(self.uuid).status)

    def test_rebuild(self):
        body = {'target': 'rebuild'}
        self.assert_done_once(lambda: self.put('provision', body), 'rebuild')

    def test_power(self):
        body = {'target': 'reboot'}
        self.assert_done_once(lambda: self.put('power', body), 'reboot')

    def test_lock(self):
        self.assert_done_once(
            lambda: self.put('lock', {'lock': None}, client=self.admin),
            'lock',
            states.LOCKED,
        )

    def test_another_request_under_the_key_is_refused(self):
        self.assertEqual(202, self.act(_REBUILD).status)
        self.service.wait_for(self.uuid, states.ACTIVE)
        answer = self.act({'reboot': {'type': 'HARD'}})
        self.assertEqual(409, answer.status, answer)
        self.assertIn('key-1', answer.body['conflictingRequest']['message'])
        self.assert_refused(
            self.put('provision', {'target': 'rebuild'}), 409, 'IdempotencyKeyReused'
        )
        refused = [
            ('rebuild', 'success'),
            ('reboot', 'refused'),
            ('rebuild', 'refused'),
        ]
        self.assertEqual(refused, self.audit(self.uuid)[1:])
        rows = self.rows(instances_case.ACTIONS, object_id=self.uuid)
        self.assertEqual({personas.PROJECT}, {row.owner_project_id for row in rows})

    def test_refused_verb_leaves_its_key_free(self):
        self.assertEqual(202, self.act({'lock': None}, 'key-0').status)
        self.assertEqual(409, self.act(_REBUILD).status)
        self.assertEqual(202, self.act({'unlock': None}, 'key-2').status)
        self.assertEqual(202, self.act(_REBUILD).status)
        self.service.wait_for(self.uuid, states.ACTIVE)

    def test_key_belongs_to_the_project(self):
        for verb, key in (('lock', 'key-1'), ('unlock', 'key-2')):
            answer = self.put(verb, {verb: None}, key, self.admin)
            self.assertEqual(202, answer.status, answer)
        self.assertEqual(202, self.act(_REBUILD).status)
        self.assertEqual(['lock', 'unlock', 'rebuild'], self.verbs())


class TwinsRaces:
    options = {'fake__nodes': 1}

    def test_twenty_rebuilds_at_once_are_one(self):
        answers = racing.at_once(*[lambda: self.act(_REBUILD)] * 20)
        self.assertEqual([202] * 20, [answer.status for answer in answers], answers)
        self.service.wait_for(self.uuid, states.ACTIVE)
        self.assertEqual(['rebuild'], self.verbs())


instances_case.on_each_database(globals(), TwinsRaces, base=VerbsCase)
