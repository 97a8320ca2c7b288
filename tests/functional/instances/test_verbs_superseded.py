"""A delete takes the place of what is going on, and does not wait for its end."""

from mogan_like.common import context
from mogan_like.common import workers
from mogan_like.conductor import due
from mogan_like.instances import states
from mogan_like.instances.drivers import fake
from mogan_like.instances.manager import instances
from tests import fixtures
from tests import personas
from tests import stopwatch
from tests.functional.instances import instances_case
from tests.functional.instances import verbs

#: Seconds that a delete may take beside work of ten minutes.
_SOON = 5


class SupersededCase(instances_case.InstancesCase):
    def wait_for_step(self, uuid, event):
        """Wait until a step of an instance's last action is going on."""

        def is_on():
            events = self.service.list_actions(uuid)[-1]['events']
            return events and (events[-1]['event'], events[-1]['result']) == (
                event,
                None,
            )

        fixtures.wait_until(is_on, f'{event} to begin')

    def steps(self, uuid):
        """[(action, its result, [(step, result)])], oldest first."""
        return [
            (
                action['action'],
                action['result'],
                [(event['event'], event['result']) for event in action['events']],
            )
            for action in self.service.list_actions(uuid)
        ]

    def assert_gone(self, uuid, within):
        """Deleted in that time, with nothing left of it."""
        with stopwatch.Stopwatch() as watch:
            self.service.wait_for(uuid, states.DELETED)
        self.assertLess(watch.seconds, within)
        self.assertNotIn(uuid, self.taken_nodes().values())
        self.assertEqual([], self.rows(instances_case.DUE_WORK, object_id=uuid))
        self.assertEqual(0, self.used(personas.PROJECT))


class DeleteTest(SupersededCase):
    options = {
        'fake__nodes': 1,
        'fake__step_seconds': {
            'build.write_image': 600,
            'rebuild.write_image': 600,
            'power.set_power': 600,
        },
        # Whoever has to let go is told, and whoever waits for it too.
        'conductor__scan_interval': 60,
    }

    def test_delete_while_it_is_built(self):
        uuid = self.service.make_instance(wait=None)
        self.wait_for_step(uuid, 'build.write_image')
        answer = self.member.delete(f'/v1/instances/{uuid}')
        self.assertEqual(202, answer.status)
        self.assert_gone(uuid, _SOON)
        self.assertEqual(
            [
                (
                    'create',
                    'cancelled',
                    [
                        ('build.power_off', 'success'),
                        ('build.write_image', 'cancelled'),
                    ],
                ),
                (
                    'delete',
                    'success',
                    [('delete.power_off', 'success'), ('delete.wipe', 'success')],
                ),
            ],
            self.steps(uuid),
        )
        (create, _delete) = self.service.list_actions(uuid)
        request = answer.headers['x-openstack-request-id']
        self.assertEqual(f'Superseded by delete of {request}.', create['message'])
        # The machine is clean: the next one gets it and is built from the start.
        fixtures.CONF.set_override('step_seconds', {}, group='fake')
        self.service.make_instance()

    def test_delete_while_it_is_switched_or_rebuilt(self):
        for name, step in (
            ('off', 'power.set_power'),
            ('reboot', 'power.set_power'),
            ('rebuild', 'rebuild.write_image'),
        ):
            (uuid,) = self.insert_instances(1, with_machines=True)
            verb = verbs.VERBS[name]
            self.assertEqual(202, verb.send(self.member, uuid).status)
            self.wait_for_step(uuid, step)
            self.assertEqual(202, self.member.delete(f'/v1/instances/{uuid}').status)
            self.assert_gone(uuid, _SOON)
            self.assertEqual(
                [(verb.action, 'cancelled'), ('delete', 'success')], self.audit(uuid)
            )


class UntoldTest(SupersededCase):
    """The delete was another conductor's, and its word did not come."""

    options = {'fake__nodes': 1, 'fake__step_seconds': {'build.power_on': 0.5}}

    def test_build_that_ends_lets_the_delete_begin_at_once(self):
        uuid = self.service.make_instance(wait=None)
        self.wait_for_step(uuid, 'build.power_on')
        untold = due.DueWork(workers.Pool('job', 1), {}, lambda *_word: None)
        manager = instances.InstancesManager(untold, fake.FakeDriver())
        manager.delete(context.for_job(), uuid)
        # Not when the claim of the build has run out, which takes half a minute.
        self.assert_gone(uuid, _SOON)
        self.assertEqual(
            [('create', 'cancelled'), ('delete', 'success')], self.audit(uuid)
        )
