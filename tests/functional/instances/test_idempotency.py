"""Idempotency-Key: a request that is sent again is done once."""

import datetime
import functools

import orjson
import sqlalchemy as sa

from mogan_like.db import engine
from mogan_like.db import idempotency
from mogan_like.db import tables
from mogan_like.instances import states
from tests import fixtures
from tests import personas
from tests import racing
from tests.functional.instances import instances_case

_KEY = {'Idempotency-Key': 'key-1'}


class IdempotencyCase(instances_case.InstancesCase):
    def setUp(self):
        super().setUp()
        self.body = {
            'name': 'n',
            'flavor_uuid': self.service.make_flavor(),
            'image_uuid': fixtures.IMAGE,
        }

    def create(self, client=None, headers=_KEY, **values):
        """The answer to a create under the key."""
        return (client or self.member).post(
            '/v1/instances', {**self.body, **values}, headers=headers
        )

    def count(self):
        return len(self.rows(instances_case.INSTANCES))

    def age_keys(self, by):
        with engine.writer() as conn:
            for row in conn.execute(sa.select(idempotency.KEYS)).all():
                conn.execute(
                    idempotency.KEYS.update()
                    .where(idempotency.KEYS.c.key == row.key)
                    .values(created_at=row.created_at - by)
                )


class IdempotencyTest(IdempotencyCase):
    def test_repeat_gets_the_first_answer_whatever_happened_since(self):
        first = self.create()
        uuid = first.body['uuid']
        self.service.wait_for(uuid, states.ACTIVE)
        repeats = [self.create()]
        # Not even by a conductor that never saw the first one...
        self.service.stop_conductor()
        self.service.start_conductor()
        repeats.append(self.create())
        # ...and not when what it made is gone.
        self.member.delete(f'/v1/instances/{uuid}')
        self.service.wait_for(uuid, states.DELETED)
        repeats.append(self.create())
        for repeat in repeats:
            self.assertEqual((202, first.body), (repeat.status, repeat.body))
            self.assertEqual(first.headers['Location'], repeat.headers['Location'])
        self.assertEqual(1, self.count())
        # The audit has what was done, not what was asked again.
        self.assertEqual(
            [('create', 'success'), ('delete', 'success')], self.audit(uuid)
        )

    def test_other_request_under_the_key_is_refused(self):
        self.create()
        other = self.create(name='other')
        self.assert_refused(other, 409, 'IdempotencyKeyReused')
        self.assertIn('key-1', other.body['error_message'])
        other = self.member.post('/v1/keypairs', {'name': 'k'}, headers=_KEY)
        self.assert_refused(other, 409, 'IdempotencyKeyReused')
        self.assertEqual(1, self.count())
        self.assertEqual([], self.member.get('/v1/keypairs').body['keypairs'])

    def test_key_belongs_to_the_project(self):
        clients = [self.member, self.service.client(personas.OTHER_MEMBER), self.admin]
        made = {self.create(client).body['uuid'] for client in clients}
        self.assertEqual(3, len(made))

    def test_key_is_free_again_after_a_day(self):
        first = self.create().body['uuid']
        self.age_keys(datetime.timedelta(hours=23, minutes=59))
        self.assertEqual(first, self.create().body['uuid'])
        self.age_keys(datetime.timedelta(minutes=1))
        second = self.create(name='other')
        self.assertEqual((202, 'other'), (second.status, second.body['name']))
        self.assertNotEqual(first, second.body['uuid'])
        self.assert_refused(self.create(), 409, 'IdempotencyKeyReused')

    def test_without_a_key_every_request_is_done(self):
        made = {self.create(headers={}).body['uuid'] for _ in range(2)}
        self.assertEqual(2, len(made))

    def test_refused_request_does_not_use_the_key_up(self):
        quota = f'/v1/quotas/{personas.PROJECT}'
        self.admin.put(quota, {'quota': {'instances': 0}})
        for _ in range(2):
            self.assert_refused(self.create(), 403, 'QuotaExceeded')
        self.admin.delete(quota)
        self.assertEqual(202, self.create(name='other').status)

    def test_flavor_and_keypair_keep_to_it_too(self):
        flavor = {'name': 'f', 'resource_class': 'c'}
        answers = [
            self.admin.post('/v1/flavors', flavor, headers=_KEY) for _ in range(2)
        ]
        self.assertEqual([201, 201], [answer.status for answer in answers])
        self.assertEqual(answers[0].body, answers[1].body)
        key = {'Idempotency-Key': 'key-2'}
        answers = [
            self.member.post('/v1/keypairs', {'name': 'k'}, headers=key)
            for _ in range(2)
        ]
        self.assertEqual([201, 201], [answer.status for answer in answers])
        self.assertIn('PRIVATE KEY', answers[0].body.pop('private_key'))
        # It was stored nowhere, so that nobody can be told it again.
        self.assertIsNone(answers[1].body.pop('private_key'))
        self.assertEqual(answers[0].body, answers[1].body)

    def test_two_users_of_a_project_with_one_key_have_a_keypair_each(self):
        """Keypairs are users': one must not be told of the other's as theirs."""
        self.member.post('/v1/keypairs', {'name': 'k'}, headers=_KEY)
        manager = self.service.client(personas.MANAGER)
        answer = manager.post('/v1/keypairs', {'name': 'k'}, headers=_KEY)
        self.assert_refused(answer, 409, 'IdempotencyKeyReused')
        self.assertEqual([], manager.get('/v1/keypairs').body['keypairs'])


class PrivateKeyTest(IdempotencyCase):
    def test_private_key_is_in_no_table(self):
        answer = self.member.post('/v1/keypairs', {'name': 'k'}, headers=_KEY)
        lines = answer.body['private_key'].strip().splitlines()
        secret = max(lines[1:-1], key=len)
        with engine.reader() as conn:
            for table in tables.METADATA.sorted_tables:
                for row in conn.execute(sa.select(table)):
                    text = orjson.dumps(tuple(map(str, row))).decode()
                    self.assertNotIn('PRIVATE', text, table.name)
                    self.assertNotIn(secret, text, table.name)


class TwinsRaces:
    """The first takes the last node and the last of the quota."""

    options = {'fake__nodes': 1, 'quota__instances': 1}

    def test_twenty_at_once_are_one_instance_and_one_answer(self):
        answers = racing.at_once(*[self.create] * 20)
        self.assertEqual([202] * 20, [answer.status for answer in answers], answers)
        self.assertEqual(1, len({answer.raw for answer in answers}))
        uuid = answers[0].body['uuid']
        self.service.wait_for(uuid, states.ACTIVE)
        self.assertEqual(
            [uuid], [row.uuid for row in self.rows(instances_case.INSTANCES)]
        )
        self.assertEqual(
            [('create', 'success', uuid)],
            [
                (row.action, row.result, row.object_id)
                for row in self.rows(instances_case.ACTIONS, object_type='instance')
            ],
        )
        self.assertEqual(1, self.used(personas.PROJECT))

    def test_of_two_requests_with_one_key_at_once_one_is_refused(self):
        twins = [
            functools.partial(self.create, name=name) for name in ('a', 'b', 'a', 'b')
        ]
        answers = racing.at_once(*twins)
        made = {answer.raw for answer in answers if answer.status == 202}
        refused = [answer for answer in answers if answer.status != 202]
        self.assertEqual((1, 2), (len(made), len(refused)), answers)
        for answer in refused:
            self.assert_refused(answer, 409, 'IdempotencyKeyReused')


instances_case.on_each_database(globals(), TwinsRaces, base=IdempotencyCase)
