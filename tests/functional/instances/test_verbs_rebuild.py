"""A machine that was off when its rebuild was asked for is off after it."""

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.instances import build
from mogan_like.instances import states
from mogan_like.instances.drivers import base
from tests import fixtures
from tests import personas
from tests.functional.instances import instances_case
from tests.functional.instances import verbs

_REBUILT = {'rebuild.write_image': ['success'], 'rebuild.power_on': ['success']}
_SWITCH = 'power.set_power'


class RebuildCase(instances_case.InstancesCase):
    def setUp(self):
        super().setUp()
        for name in ('step_seconds', 'fail_steps'):
            self.addCleanup(fixtures.CONF.clear_override, name, group='fake')

    def make_stopped(self):
        """An instance that was built, and switched off."""
        uuid = self.service.make_instance()
        self.send('off', uuid)
        self.service.wait_for(uuid, states.STOPPED)
        return uuid

    def send(self, name, uuid):
        answer = verbs.VERBS[name].send(self.member, uuid)
        self.assertEqual(202, answer.status, answer)

    def states_of(self, uuid):
        """(status, power state) as the owner sees them."""
        shown = self.member.get(f'/v1/instances/{uuid}/states').body
        return shown['status'], shown['power_state']

    def events(self, uuid):
        """{event: its results} of the last action."""
        found = {}
        for event in self.service.list_actions(uuid)[-1]['events']:
            found.setdefault(event['event'], []).append(event['result'])
        return found

    def prolong(self, step):
        """From here on a step takes until the test ends."""
        fixtures.CONF.set_override('step_seconds', {step: 600}, group='fake')

    def wait_for_step(self, uuid, step):
        fixtures.wait_until(
            lambda: self.events(uuid).get(step, [])[-1:] == [None], f'{step} to begin'
        )


class StoppedTest(RebuildCase):
    options = {'fake__nodes': 2, 'conductor__graceful_shutdown_timeout': 0}

    def test_it_is_off_again(self):
        uuid = self.make_stopped()
        self.change(uuid, fault='{"code": 500, "message": "m", "created_at": "t"}')
        before = self.row(uuid).launched_at
        self.send('rebuild', uuid)
        self.wait_for_audit(uuid, ('rebuild', 'success'))
        self.assertEqual((states.STOPPED, base.POWER_OFF), self.states_of(uuid))
        self.assertEqual({**_REBUILT, _SWITCH: ['success']}, self.events(uuid))
        row = self.row(uuid)
        self.assertEqual(fixtures.IMAGE, row.image_uuid)
        self.assertIsNone(row.fault)
        self.assertGreater(row.launched_at, before)
        self.assertEqual([], self.rows(instances_case.DUE_WORK, object_id=uuid))
        # And as any other that is off.
        self.send('on', uuid)
        self.service.wait_for(uuid, states.ACTIVE)

    def test_one_that_runs_goes_on_running(self):
        uuid = self.make_stopped()
        self.send('on', uuid)
        self.service.wait_for(uuid, states.ACTIVE)
        self.send('rebuild', uuid)
        self.wait_for_audit(uuid, ('rebuild', 'success'))
        self.assertEqual((states.ACTIVE, base.POWER_ON), self.states_of(uuid))
        self.assertEqual(_REBUILT, self.events(uuid))

    def test_it_runs_while_it_is_switched_off_and_says_so(self):
        uuid = self.make_stopped()
        self.prolong(_SWITCH)
        self.send('rebuild', uuid)
        self.wait_for_step(uuid, _SWITCH)
        self.assertEqual((states.POWERING_OFF, base.POWER_ON), self.states_of(uuid))
        for name in ('on', 'off', 'rebuild', 'lock'):
            client = self.admin if name == 'lock' else self.member
            answer = verbs.VERBS[name].send(client, uuid)
            self.assertIn(answer.status, (403, 409), name)

    def test_delete_does_not_wait_for_the_switch(self):
        uuid = self.make_stopped()
        self.prolong(_SWITCH)
        self.send('rebuild', uuid)
        self.wait_for_step(uuid, _SWITCH)
        self.send('delete', uuid)
        self.service.wait_for(uuid, states.DELETED)
        self.assertEqual(
            [('rebuild', 'cancelled'), ('delete', 'success')], self.audit(uuid)[-2:]
        )
        self.assertNotIn(uuid, self.taken_nodes().values())
        self.assertEqual(0, self.used(personas.PROJECT))

    def test_stop_and_start_of_the_conductor_in_between_writes_no_image_again(self):
        uuid = self.make_stopped()
        self.prolong(_SWITCH)
        self.send('rebuild', uuid)
        self.wait_for_step(uuid, _SWITCH)
        self.service.stop_conductor()
        fixtures.CONF.clear_override('step_seconds', group='fake')
        self.service.start_conductor()
        self.wait_for_audit(uuid, ('rebuild', 'success'))
        self.assertEqual((states.STOPPED, base.POWER_OFF), self.states_of(uuid))
        events = {**_REBUILT, _SWITCH: ['cancelled', 'success']}
        self.assertEqual(events, self.events(uuid))

    def test_failed_rebuild_is_an_error_and_nothing_is_switched(self):
        uuid = self.make_stopped()
        fixtures.CONF.set_override('fail_steps', ['rebuild.power_on'], group='fake')
        self.send('rebuild', uuid)
        self.wait_for_audit(uuid, ('rebuild', 'error'))
        self.assertEqual(states.ERROR, self.row(uuid).status)
        self.assertNotIn(_SWITCH, self.events(uuid))

    def test_one_that_cannot_be_switched_off_runs_and_can_be_asked_again(self):
        """The image is written: ERROR, which only delete leads out of, were a loss."""
        uuid = self.make_stopped()
        fixtures.CONF.set_override('fail_steps', [f'{_SWITCH}:1'], group='fake')
        self.send('rebuild', uuid)
        self.wait_for_audit(uuid, ('rebuild', 'error'))
        self.assertEqual((states.ACTIVE, base.POWER_ON), self.states_of(uuid))
        self.assertEqual({**_REBUILT, _SWITCH: ['error']}, self.events(uuid))
        path = f'/v1/instances/{uuid}/actions'
        told = self.member.get(path).body['actions'][0]['message']
        self.assertIn('power.set_power failed', told)
        self.assertIsNone(self.row(uuid).fault)
        self.send('off', uuid)
        self.service.wait_for(uuid, states.STOPPED)


class DeathTest(RebuildCase):
    """The rows are as a conductor that was killed leaves them."""

    options = {'fake__nodes': 3}

    def leave_rebuild(self, uuid, status, power_state, attempts=1):
        self.change(uuid, power_state=power_state)
        self.leave_behind(uuid, status, 'rebuild', attempts=attempts)

    def test_one_killed_while_it_writes_is_off_at_the_end(self):
        (uuid,) = self.insert_instances(1, with_machines=True)
        self.leave_rebuild(uuid, states.REBUILDING, base.POWER_OFF)
        self.service.wait_for(uuid, states.STOPPED)
        self.assertEqual([('rebuild', 'success')], self.audit(uuid))
        events = self.events(uuid)
        self.assertEqual(['interrupted'], events.pop('rebuild.left_open'))
        self.assertEqual({**_REBUILT, _SWITCH: ['success']}, events)

    def test_one_killed_while_it_switches_is_only_switched(self):
        (uuid,) = self.insert_instances(1, with_machines=True)
        self.leave_rebuild(uuid, states.POWERING_OFF, base.POWER_ON)
        self.service.wait_for(uuid, states.STOPPED)
        self.assertEqual([('rebuild', 'success')], self.audit(uuid))
        events = self.events(uuid)
        self.assertEqual(['interrupted'], events.pop('rebuild.left_open'))
        self.assertEqual({_SWITCH: ['success']}, events)

    def test_one_that_is_late_does_not_go_on(self):
        (uuid,) = self.insert_instances(1, with_machines=True)
        self.put(uuid, states.REBUILDING)
        now = clock.utcnow()
        with engine.writer() as conn:
            late = claims.add(conn, build.INSTANCE, uuid, now, {}, 'late', ttl=600)
            conn.execute(
                instances_case.DUE_WORK.update()
                .where(instances_case.DUE_WORK.c.object_id == uuid)
                .values(owner='other', generation=2)
            )
        row = self.row(uuid)
        self.assertRaises(claims.ClaimLost, build._go_on, late, row, 'done_off')
        self.assertEqual(states.REBUILDING, self.row(uuid).status)

    def test_switch_that_was_interrupted_too_often_leaves_it_running(self):
        (uuid,) = self.insert_instances(1, with_machines=True)
        self.leave_rebuild(uuid, states.POWERING_OFF, base.POWER_ON, attempts=3)
        self.wait_for_audit(uuid, ('rebuild', 'error'))
        self.assertEqual((states.ACTIVE, base.POWER_ON), self.states_of(uuid))
