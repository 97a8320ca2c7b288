"""The audit: one row for each verb, honest, and safe to read."""

import socket

import sqlalchemy as sa

from mogan_like.db import engine
from mogan_like.instances import states
from tests import fixtures
from tests import personas
from tests.functional.instances import instances_case
from tests.functional.instances import verbs

_REQUEST = 'x-openstack-request-id'
_BUILT = [
    'build.power_off',
    'build.write_image',
    'build.configure_network',
    'build.power_on',
]
_REBUILT = ['rebuild.write_image', 'rebuild.power_on']


class SuccessTest(instances_case.InstancesCase):
    def play(self):
        """Do every verb once.

        :returns: the instance's uuid, and for each verb the action's name, who
            did it, the answer and the steps
        """
        flavor = self.service.make_flavor()
        body = {'name': 'n', 'flavor_uuid': flavor, 'image_uuid': fixtures.IMAGE}
        created = self.member.post('/v1/instances', body)
        uuid = created.body['uuid']
        self.service.wait_for(uuid, states.ACTIVE)
        done = [('create', personas.MEMBER, created, _BUILT)]
        for name, client, status, steps in (
            ('lock', self.admin, 'LOCKED', ['lock']),
            ('unlock', self.admin, 'ACTIVE', ['unlock']),
            ('off', self.member, 'STOPPED', ['power.set_power']),
            ('on', self.member, 'ACTIVE', ['power.set_power']),
            ('soft_reboot', self.member, 'ACTIVE', ['power.set_power']),
            ('rebuild', self.member, 'ACTIVE', _REBUILT),
            ('update', self.member, 'ACTIVE', ['update']),
            ('delete', self.admin, 'DELETED', ['delete.power_off', 'delete.wipe']),
        ):
            verb = verbs.VERBS[name]
            answer = verb.send(client, uuid)
            done.append((verb.action, client.persona, answer, steps))
            self.wait_for_audit(uuid, (verb.action, 'success'))
            self.service.wait_for(uuid, status)
        return uuid, done

    def test_each_verb_has_one_row_that_says_who_what_and_when(self):
        uuid, done = self.play()
        path = f'/v1/instances/{uuid}/actions?events=true&sort_dir=asc'
        actions = self.member.get(path).body['actions']
        expected = [
            {
                'action': action,
                'user_id': persona.user_id,
                'project_id': persona.project_id,
                'owner_project_id': personas.PROJECT,
                'request_id': answer.headers[_REQUEST],
                'object_type': 'instance',
                'object_id': uuid,
                'cause': 'user',
                'cause_id': None,
                'result': 'success',
                'message': None,
                'steps': steps,
            }
            for action, persona, answer, steps in done
        ]
        self.assertEqual(expected, [self.summarize(action) for action in actions])
        self.check_times(actions)
        self.check_internals(uuid)

    @staticmethod
    def summarize(action):
        """An action without its times, and with the names of its steps."""
        times = ('id', 'started_at', 'updated_at', 'finished_at', 'events')
        steps = [event['event'] for event in action['events']]
        return {
            **{name: value for name, value in action.items() if name not in times},
            'steps': steps,
        }

    def check_times(self, actions):
        """Everything has a beginning and an end, in this order."""
        for action in actions:
            times = [action['started_at']]
            for event in action['events']:
                self.assertEqual(('success', None), (event['result'], event['message']))
                times += [event['started_at'], event['finished_at']]
            if len(action['events']) > 1:
                times.append(action['finished_at'])
            self.assertEqual(sorted(times), times, action)
        starts = [action['started_at'] for action in actions]
        self.assertEqual(sorted(starts), starts)

    def check_internals(self, uuid):
        events = [
            event
            for action in self.service.list_actions(uuid)
            for event in action['events']
        ]
        self.assertEqual({socket.gethostname()}, {event['host'] for event in events})
        self.assertEqual({None}, {event['traceback'] for event in events})


class AfterlifeTest(instances_case.InstancesCase):
    def test_audit_of_a_deleted_instance_is_its_projects_to_read(self):
        uuid = self.service.make_instance()
        path = f'/v1/instances/{uuid}'
        request = self.member.delete(path).headers[_REQUEST]
        self.service.wait_for(uuid, states.DELETED)
        for below in ('', f'/{request}'):
            actions = f'{path}/actions{below}'
            self.assertEqual(200, self.member.get(actions).status)
            self.assertEqual(200, self.member.get(actions, version='1.3').status)
            self.assertEqual(404, self.member.get(actions, version='1.2').status)
            other = self.service.client(personas.OTHER_MEMBER)
            self.assertEqual(404, other.get(actions).status)
        self.assertEqual(404, self.member.get(path).status)

    def test_audit_outlives_the_row_of_its_instance(self):
        uuid = self.service.make_instance()
        self.member.delete(f'/v1/instances/{uuid}')
        self.service.wait_for(uuid, states.DELETED)
        with engine.writer() as conn:
            conn.execute(sa.delete(instances_case.INSTANCES))
        found = self.admin.get(f'/v1/actions?instance={uuid}').body['actions']
        self.assertEqual(['delete', 'create'], [action['action'] for action in found])
