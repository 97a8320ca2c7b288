"""Conductors stop and die in the middle; others finish, in one row of the audit."""

from mogan_like.instances import states
from tests import fixtures
from tests.functional.instances import instances_case


class RestartCase(instances_case.InstancesCase):
    def results(self, uuid):
        """{step: its results} over all actions of an instance."""
        found = {}
        for action in self.service.list_actions(uuid):
            for event in action['events']:
                found.setdefault(event['event'], []).append(event['result'])
        return found

    def wait_until_done(self, uuid):
        fixtures.wait_until(
            lambda: not self.rows(instances_case.DUE_WORK, object_id=uuid),
            'the work to be done',
        )


class StopTest(RestartCase):
    options = {
        'fake__step_seconds': {'build.write_image': 600},
        'conductor__graceful_shutdown_timeout': 0,
        # To stop in order is no try that failed.
        'instances__max_attempts': 1,
    }

    def test_build_that_was_stopped_is_finished_by_the_next_start(self):
        uuid = self.service.make_instance(wait=None)
        node = self.row(uuid).node_uuid
        for stops in (1, 2):
            fixtures.wait_until(
                lambda: self.results(uuid).get('build.write_image', [])[-1:] == [None],
                'the long step to begin',
            )
            self.service.stop_conductor()
            (work,) = self.rows(instances_case.DUE_WORK, object_id=uuid)
            self.assertEqual((None, 0), (work.owner, work.attempts))
            self.assertEqual(states.BUILDING, self.row(uuid).status)
            self.assertEqual(
                ['cancelled'] * stops, self.results(uuid)['build.write_image']
            )
            if stops == 2:
                fixtures.CONF.set_override('step_seconds', {}, group='fake')
            self.service.start_conductor()
        self.service.wait_for(uuid, states.ACTIVE)
        self.assertEqual([('create', 'success')], self.audit(uuid))
        self.assertEqual(
            {
                'build.power_off': ['success'],
                'build.write_image': ['cancelled', 'cancelled', 'success'],
                'build.configure_network': ['success'],
                'build.power_on': ['success'],
            },
            self.results(uuid),
        )
        self.assertEqual({node: uuid}, self.taken_nodes())

    def test_stop_lets_short_work_end(self):
        fixtures.CONF.set_override(
            'step_seconds', {'build.write_image': 0.5}, group='fake'
        )
        fixtures.CONF.set_override('graceful_shutdown_timeout', 20, group='conductor')
        uuid = self.service.make_instance(wait=None)
        self.service.stop_conductor()
        self.assertEqual(states.ACTIVE, self.row(uuid).status)
        self.assertEqual([('create', 'success')], self.audit(uuid))


class DeathTest(RestartCase):
    """The rows are as a conductor that was killed leaves them."""

    options = {'fake__nodes': 8}

    def test_what_was_left_is_finished_and_its_open_steps_are_closed(self):
        cases = [
            (states.BUILDING, 'create', {}, states.ACTIVE),
            (states.REBUILDING, 'rebuild', {}, states.ACTIVE),
            (states.POWERING_OFF, 'power_off', {'target': 'off'}, states.STOPPED),
            (states.POWERING_ON, 'power_on', {'target': 'on'}, states.ACTIVE),
            (states.REBOOTING, 'reboot', {'target': 'reboot'}, states.ACTIVE),
            (states.DELETING, 'delete', {}, states.DELETED),
        ]
        made = self.insert_instances(len(cases), with_machines=True)
        for uuid, (status, action, payload, _after) in zip(made, cases, strict=True):
            self.leave_behind(uuid, status, action, payload=payload)
        for uuid, (_status, action, _payload, after) in zip(made, cases, strict=True):
            self.service.wait_for(uuid, after)
            self.assertEqual([(action, 'success')], self.audit(uuid))
            results = self.results(uuid)
            self.assertEqual(['interrupted'], results.pop(f'{action}.left_open'))
            self.assertEqual(
                {('success',)} if results else set(),
                {tuple(each) for each in results.values()},
            )

    def test_what_is_given_up_after_too_many_tries_and_what_never_is(self):
        cases = [
            (states.BUILDING, 'create', {}, states.ERROR),
            (states.REBUILDING, 'rebuild', {}, states.ERROR),
            (states.POWERING_OFF, 'power_off', {'target': 'off'}, states.ACTIVE),
            (states.DELETING, 'delete', {}, states.DELETED),
        ]
        made = self.insert_instances(len(cases), with_machines=True)
        for uuid, (status, action, payload, _after) in zip(made, cases, strict=True):
            self.leave_behind(uuid, status, action, attempts=3, payload=payload)
        for uuid, (_status, action, _payload, after) in zip(made, cases, strict=True):
            self.wait_until_done(uuid)
            self.assertEqual(after, self.row(uuid).status)
            result = 'success' if after == states.DELETED else 'error'
            self.assertEqual([(action, result)], self.audit(uuid))
            if result == 'error':
                (done,) = self.service.list_actions(uuid)
                self.assertEqual('Given up after 3 interrupted tries.', done['message'])

    def test_delete_of_what_a_dead_conductor_was_at_leaves_no_step_open(self):
        (uuid,) = self.insert_instances(1, with_machines=True)
        self.leave_behind(uuid, states.BUILDING, 'create')
        self.assertEqual(202, self.member.delete(f'/v1/instances/{uuid}').status)
        # Two are never at one machine: it begins when the claim has run out.
        self.service.wait_for(uuid, states.DELETED)
        self.assertEqual(
            [('create', 'cancelled'), ('delete', 'success')], self.audit(uuid)
        )
        self.assertEqual(
            {
                'create.left_open': ['interrupted'],
                'delete.power_off': ['success'],
                'delete.wipe': ['success'],
            },
            self.results(uuid),
        )

    def test_work_without_its_instance_and_of_an_idle_one_is_dropped(self):
        idle, gone = self.insert_instances(2)
        for uuid in (idle, gone):
            self.leave_behind(uuid, states.ACTIVE, 'reboot')
        with instances_case.engine.writer() as conn:
            conn.execute(
                instances_case.INSTANCES.delete().where(
                    instances_case.INSTANCES.c.uuid == gone
                )
            )
        for uuid in (idle, gone):
            self.wait_until_done(uuid)
        self.assertEqual(states.ACTIVE, self.row(idle).status)
