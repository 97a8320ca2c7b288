"""A conductor that has no free worker: 503, and nothing was done."""

from tests import fixtures
from tests import personas
from tests.functional.instances import instances_case
from tests.functional.instances import verbs


class PoolTest(instances_case.InstancesCase):
    options = {
        'conductor__workers': 1,
        'conductor__backlog': 0,
        'conductor__graceful_shutdown_timeout': 0,
        'fake__step_seconds': {'build.write_image': 600},
    }

    def setUp(self):
        super().setUp()
        (self.ready,) = self.insert_instances(1, with_machines=True)
        self.body = {
            'name': 'n',
            'flavor_uuid': self.service.make_flavor(),
            'image_uuid': fixtures.IMAGE,
        }
        # The look at the inventory has to give its worker back first.
        fixtures.wait_until(self.create, 'a free worker')

    def create(self):
        """The uuid of an instance whose build takes the worker, or None."""
        answer = self.member.post('/v1/instances', self.body)
        return answer.body['uuid'] if answer.status == 202 else None

    def snapshot(self):
        """All that a verb could have changed."""
        return (
            self.rows(instances_case.INSTANCES),
            self.taken_nodes(),
            self.used(personas.PROJECT),
            [(row.kind, row.object_id) for row in self.rows(instances_case.DUE_WORK)],
        )

    def test_long_verbs_are_refused_and_short_ones_are_done(self):
        before = self.snapshot()
        key = {'Idempotency-Key': 'k'}
        answers = [self.member.post('/v1/instances', self.body, headers=key)]
        answers += [
            verbs.VERBS[name].send(self.member, self.ready)
            for name in ('off', 'reboot', 'rebuild', 'delete')
        ]
        for answer in answers:
            self.assert_refused(answer, 503, 'ConductorBusy')
            self.assertEqual('5', answer.headers['Retry-After'])
        refused = self.rows(instances_case.ACTIONS, result='refused')
        self.assertEqual(
            ['create', 'power_off', 'reboot', 'rebuild', 'delete'],
            [row.action for row in refused],
        )
        for row, answer in zip(refused, answers, strict=True):
            self.assertEqual(answer.body['error_message'], row.message)
            self.assertEqual(answer.headers['x-openstack-request-id'], row.request_id)
        self.assertEqual(before, self.snapshot())
        for name in ('update', 'lock', 'unlock', 'lock'):
            answer = verbs.VERBS[name].send(self.admin, self.ready)
            self.assertIn(answer.status, (200, 202), answer)
        # What the lock forbids is not told to come again later.
        answer = verbs.VERBS['delete'].send(self.member, self.ready)
        self.assert_refused(answer, 403, 'OperationNotPermitted')
        self.assertEqual('LOCKED', self.row(self.ready).status)
