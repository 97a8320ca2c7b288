"""What is refused or fails: recorded, safe to read, and without an effect."""

import socket
import uuid as uuid_module

import orjson
import sqlalchemy as sa

from mogan_like.actions import recorder
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.instances import rpcapi
from mogan_like.instances import states
from tests import fixtures
from tests import personas
from tests.functional.instances import instances_case
from tests.functional.instances import verbs

ACTIONS = instances_case.ACTIONS
_REQUEST = 'x-openstack-request-id'


class RefusalTest(instances_case.InstancesCase):
    options = {'fake__nodes': 1}

    def count(self):
        return len(self.rows(ACTIONS))

    def assert_recorded(self, answer, code, title, action):
        """The refusal is one row more, which says what the answer says."""
        self.assert_refused(answer, code, title)
        (row,) = self.rows(ACTIONS, request_id=answer.headers[_REQUEST])
        self.assertEqual((action, 'refused'), (row.action, row.result))
        self.assertEqual(answer.body['error_message'], row.message)
        self.assertIsNotNone(row.finished_at)
        (event,) = self.rows(instances_case.EVENTS, action_id=row.id)
        self.assertEqual((action, 'refused'), (event.event, event.result))
        self.assertIsNone(event.traceback)

    def create(self, headers=None, **values):
        """The answer to a create."""
        return self.member.post('/v1/instances', self.body | values, headers=headers)

    def setUp(self):
        super().setUp()
        self.body = {
            'name': 'n',
            'flavor_uuid': self.service.make_flavor(),
            'image_uuid': fixtures.IMAGE,
        }

    def test_what_the_conductor_refuses_is_recorded(self):
        key = {'Idempotency-Key': 'k'}
        uuid = self.create(key).body['uuid']
        self.service.wait_for(uuid, states.ACTIVE)
        port = [{'port_id': str(uuid_module.uuid4())}]
        power_on = verbs.VERBS['on'].send(self.member, uuid)
        for check in (
            (self.create(), 409, 'NoValidNode', 'create'),
            (self.create(key_name='none'), 400, 'InvalidParameter', 'create'),
            (self.create(networks=port), 400, 'FieldNotSupported', 'create'),
            (self.create(key, name='other'), 409, 'IdempotencyKeyReused', 'create'),
            (power_on, 409, 'InvalidState', 'power_on'),
        ):
            self.assert_recorded(*check)
        quota = {'quota': {'instances': 1}}
        self.admin.put(f'/v1/quotas/{personas.PROJECT}', quota)
        self.assert_recorded(self.create(), 403, 'QuotaExceeded', 'create')
        self.service.lock(uuid)
        for name in ('delete', 'update', 'rebuild', 'off'):
            verb = verbs.VERBS[name]
            answer = verb.send(self.member, uuid)
            self.assert_recorded(answer, 403, 'OperationNotPermitted', verb.action)
        # The create that was done is still the only instance.
        instances = self.rows(instances_case.INSTANCES)
        self.assertEqual([uuid], [row.uuid for row in instances])

    def test_what_it_refuses_of_other_things_is_recorded(self):
        none = uuid_module.uuid4()
        key = self.member.post('/v1/keypairs', {'name': 'k', 'public_key': 'none'})
        no_key = self.member.delete('/v1/keypairs/k')
        flavor = self.admin.patch(f'/v1/flavors/{none}', {'name': 'x'})
        node = self.admin.patch(f'/v1/nodes/{none}', {'maintenance': False})
        for check in (
            (key, 400, 'InvalidParameter', 'create'),
            (no_key, 404, 'KeypairNotFound', 'delete'),
            (flavor, 404, 'FlavorNotFound', 'update'),
            (node, 404, 'NodeNotFound', 'end_maintenance'),
        ):
            self.assert_recorded(*check)

    def test_race_that_ends_in_404_is_recorded_for_the_owner(self):
        uuid = self.service.make_instance()
        self.put(uuid, states.DELETED)
        ctx = context.RequestContext(user_id='u', project_id='elsewhere')
        self.assertRaises(
            exception.InstanceNotFound, rpcapi.INSTANCES.call, ctx, 'delete', uuid=uuid
        )
        (row,) = self.rows(ACTIONS, request_id=ctx.request_id)
        self.assertEqual(
            ('delete', 'refused', personas.PROJECT, 'elsewhere'),
            (row.action, row.result, row.owner_project_id, row.project_id),
        )

    def test_what_the_api_refuses_is_not_recorded(self):
        uuid = self.service.make_instance()
        path = f'/v1/instances/{uuid}'
        other = self.service.client(personas.OTHER_MEMBER)
        reader = self.service.client(personas.READER)
        before = self.count()
        answers = [
            # bad requests
            (400, self.member.post('/v1/instances', {'name': 'n'})),
            (400, self.member.put(f'{path}/states/power', {'target': 'explode'})),
            (400, self.admin.put(f'{path}/states/lock', {'lock': 'me'})),
            (400, self.admin.put(f'{path}/states/lock', {'lock': {'expires_at': 'x'}})),
            (400, self.member.patch(path, {'status': 'ACTIVE'})),
            (400, self.member.delete('/v1/instances/not-a-uuid')),
            # not allowed
            (403, self.member.put(f'{path}/states/lock', {'lock': None})),
            (403, reader.delete(path)),
            (403, reader.post('/v1/keypairs', {'name': 'k'})),
            (
                403,
                self.member.post('/v1/flavors', {'name': 'f', 'resource_class': 'c'}),
            ),
            # not there, or not theirs
            (404, self.member.delete(f'/v1/instances/{uuid_module.uuid4()}')),
            (404, other.delete(path)),
            (404, other.put(f'{path}/states/unlock', {'unlock': None})),
        ]
        for status, answer in answers:
            self.assertEqual(status, answer.status, answer)
        self.assertEqual(before, self.count())


class FailureTest(instances_case.InstancesCase):
    """Nobody but an administrator reads what went wrong inside."""

    options = {
        'fake__fail_steps': ['build.write_image:1', 'build.write_image:1:bug'],
        'conductor__retry_delay_max': 1,
    }

    def show(self, client, uuid):
        return client.get(f'/v1/instances/{uuid}/actions?events=true').body['actions'][
            0
        ]

    def test_driver_that_fails_is_named_and_one_that_breaks_is_not(self):
        failed = self.service.make_instance(wait='ERROR')
        action = self.show(self.member, failed)
        message = 'build.write_image failed (the fake was told so).'
        self.assertEqual(('create', 'error', message), _say(action, 'action'))
        self.assertEqual(
            ('build.write_image', 'error', message), _say(action['events'][-1])
        )
        broken = self.service.make_instance(wait='ERROR')
        action = self.show(self.member, broken)
        self.assertEqual(('create', 'error', recorder.UNKNOWN), _say(action, 'action'))
        event = action['events'][-1]
        self.assertEqual(('build.write_image', 'error', recorder.UNKNOWN), _say(event))
        self.assertNotIn('traceback', event)
        self.assertNotIn('host', event)
        event = self.show(self.admin, broken)['events'][-1]
        self.assertIn('RuntimeError: the fake was told to break', event['traceback'])
        self.assertEqual(socket.gethostname(), event['host'])
        for path in ('', '/actions?events=true'):
            raw = self.member.get(f'/v1/instances/{broken}{path}').raw
            for secret in (b'Traceback', b'RuntimeError', b'.py'):
                self.assertNotIn(secret, raw)

    def test_verb_that_breaks_is_a_failure_without_an_effect(self):
        uuid = self.service.make_instance(wait='ERROR')
        with engine.writer() as conn:
            conn.execute(sa.text('ALTER TABLE due_work RENAME TO gone'))
        try:
            answer = self.member.delete(f'/v1/instances/{uuid}')
        finally:
            with engine.writer() as conn:
                conn.execute(sa.text('ALTER TABLE gone RENAME TO due_work'))
        self.assertEqual(500, answer.status)
        for secret in (b'due_work', b'UPDATE', b'Traceback'):
            self.assertNotIn(secret, answer.raw)
        self.assertEqual(states.ERROR, self.row(uuid).status)
        action = self.show(self.member, uuid)
        self.assertEqual(('delete', 'error', recorder.UNKNOWN), _say(action, 'action'))
        self.assertNotIn(b'due_work', orjson.dumps(action))
        self.assertIn('due_work', self.show(self.admin, uuid)['events'][0]['traceback'])


def _say(entry, kind='event'):
    return entry[kind], entry['result'], entry['message']
