"""What a driver cannot do: shown, recorded, and never the end of the instance."""

import datetime

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.instances import states
from tests import fixtures
from tests import personas
from tests.functional.instances import instances_case
from tests.functional.instances import verbs


class FailingCase(instances_case.InstancesCase):
    def fail(self, *steps):
        """Make steps fail from here on."""
        fixtures.CONF.set_override('fail_steps', list(steps), group='fake')

    def setUp(self):
        super().setUp()
        self.addCleanup(fixtures.CONF.clear_override, 'fail_steps', group='fake')

    def send(self, name, uuid):
        answer = verbs.VERBS[name].send(self.member, uuid)
        self.assertEqual(202, answer.status, answer)

    def last(self, uuid):
        """The last action of an instance, with events, as its owner sees it."""
        path = f'/v1/instances/{uuid}/actions?events=true'
        return self.member.get(path).body['actions'][0]

    def assert_gone(self, uuid):
        """Deleted, and its node and quota free."""
        self.service.wait_for(uuid, states.DELETED)
        self.assertNotIn(uuid, self.taken_nodes().values())
        self.assertEqual([], self.rows(instances_case.DUE_WORK, object_id=uuid))


class BuildTest(FailingCase):
    options = {'fake__nodes': 4}

    def test_failed_build_keeps_its_node_until_it_is_deleted(self):
        for kind, message in (
            ('error', 'build.configure_network failed (the fake was told so).'),
            (
                'temporary',
                'The node cannot be reached (the fake was told so, at '
                'build.configure_network).',
            ),
            ('bug', recorder.UNKNOWN),
        ):
            self.fail(f'build.configure_network:{kind}')
            uuid = self.service.make_instance(wait='ERROR')
            shown = self.member.get(f'/v1/instances/{uuid}').body
            self.assertEqual(
                (500, message), (shown['fault']['code'], shown['fault']['message'])
            )
            self.assertIsNone(shown['launched_at'])
            self.assertEqual([('create', 'error')], self.audit(uuid))
            steps = {e['event']: e['result'] for e in self.last(uuid)['events']}
            self.assertEqual(
                {
                    'build.power_off': 'success',
                    'build.write_image': 'success',
                    'build.configure_network': 'error',
                },
                steps,
            )
            self.assertIn(uuid, self.taken_nodes().values())
            self.assertEqual(1, self.used(personas.PROJECT))
            for name in ('on', 'rebuild', 'lock'):
                client = self.admin if name == 'lock' else self.member
                answer = verbs.VERBS[name].send(client, uuid)
                self.assertIn(answer.status, (403, 409))
            self.fail()
            self.send('delete', uuid)
            self.assert_gone(uuid)
            self.assertEqual(0, self.used(personas.PROJECT))

    def test_failed_rebuild_is_an_error_and_deleted_as_any(self):
        uuid = self.service.make_instance()
        self.fail('rebuild.write_image')
        self.send('rebuild', uuid)
        self.service.wait_for(uuid, states.ERROR)
        self.assertEqual(('rebuild', 'error'), self.audit(uuid)[-1])
        fault = self.member.get(f'/v1/instances/{uuid}').body['fault']
        self.assertIn('rebuild.write_image failed', fault['message'])
        self.send('delete', uuid)
        self.assert_gone(uuid)

    def test_failed_power_action_leaves_the_instance_where_it_was(self):
        uuid = self.service.make_instance()
        cases = [
            ('off', 'power_off', states.ACTIVE),
            ('soft_off', 'power_off', states.ACTIVE),
            ('reboot', 'reboot', states.ACTIVE),
            ('on', 'power_on', states.STOPPED),
        ]
        for name, action, status in cases:
            if status == states.STOPPED:
                self.fail()
                self.send('off', uuid)
                self.service.wait_for(uuid, states.STOPPED)
            before = self.row(uuid).power_state
            self.fail('power.set_power')
            self.send(name, uuid)
            self.wait_for_audit(uuid, (action, 'error'))
            row = self.row(uuid)
            self.assertEqual((status, before), (row.status, row.power_state))
            self.assertIn('power.set_power failed', self.last(uuid)['message'])
            # The machine works as it did: that is no fault of the instance.
            self.assertIsNone(row.fault)
        self.fail()
        self.send('on', uuid)
        self.service.wait_for(uuid, states.ACTIVE)


class DeleteTest(FailingCase):
    options = {'fake__nodes': 1, 'conductor__retry_delay': 1}

    def test_failed_delete_says_why_and_is_tried_until_it_succeeds(self):
        uuid = self.service.make_instance()
        self.fail('delete.wipe:1', 'delete.power_off:1:temporary')
        self.send('delete', uuid)
        fault = fixtures.wait_until(lambda: self.row(uuid).fault, 'a fault')
        self.assertIn('cannot be reached', fault)
        (work,) = self.rows(instances_case.DUE_WORK, object_id=uuid)
        self.assertIn('cannot be reached', work.error)
        wait = work.due_at - clock.utcnow()
        self.assertLess(wait, datetime.timedelta(seconds=1.3))
        self.assertEqual(states.DELETING, self.row(uuid).status)
        # While it waits, the node is not given to another.
        body = {
            'name': 'n',
            'flavor_uuid': self.service.make_flavor(),
            'image_uuid': fixtures.IMAGE,
        }
        answer = self.member.post('/v1/instances', body)
        self.assert_refused(answer, 409, 'NoValidNode')
        self.assert_gone(uuid)
        self.assertEqual([('delete', 'success')], self.audit(uuid)[1:])
        path = f'/v1/instances/{uuid}/actions?events=true'
        events = self.member.get(path).body['actions'][0]['events']
        self.assertEqual(
            [
                ('delete.power_off', 'error'),
                ('delete.power_off', 'success'),
                ('delete.wipe', 'error'),
                ('delete.wipe', 'success'),
            ],
            [(event['event'], event['result']) for event in events],
        )
        starts = [
            datetime.datetime.fromisoformat(event['started_at']) for event in events
        ]
        # First a second, then two, each with a quarter of jitter.
        self.assertGreater((starts[1] - starts[0]).total_seconds(), 0.7)
        self.assertGreater((starts[3] - starts[2]).total_seconds(), 1.4)


class PatienceTest(FailingCase):
    """Nothing happens soon unless somebody is told."""

    options = {
        'conductor__retry_delay': 3600,
        'conductor__retry_delay_max': 3600,
        'conductor__scan_interval': 60,
    }

    def test_delete_asked_for_again_is_tried_at_once(self):
        uuid = self.service.make_instance()
        self.fail('delete.wipe:1')
        self.send('delete', uuid)
        fixtures.wait_until(lambda: self.row(uuid).fault, 'a fault')
        self.send('delete', uuid)
        self.assert_gone(uuid)
        self.assertEqual([('delete', 'success')] * 2, self.audit(uuid)[1:])
