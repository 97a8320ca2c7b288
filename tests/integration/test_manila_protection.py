"""Shares of a real Manila are protected, by users of a real Keystone.

Its Dummy driver keeps no bytes: what comes back is seen with the emulator.
"""

from functools import partial

from testtools import content

from tests.fixtures import wait_until
from tests.functional.protection import site
from tests.integration import manila_case

_RULE = 'BEGIN:VEVENT\nRRULE:FREQ=SECONDLY\nEND:VEVENT'
_EVERY_SECOND = {
    'name': 'often',
    'type': 'time',
    'properties': {'format': 'calendar', 'pattern': _RULE},
}


class ProtectionTest(manila_case.ManilaCase):
    def test_from_protect_to_delete(self):
        listed = self.get(self.token, f'/v1/protectables/{site.SHARE}/instances')
        self.assertEqual([self.share], [each['id'] for each in listed['instances']])
        checkpoint = self.protect()
        (snapshot,) = self.snapshots.list()
        self.assertEqual(
            ('nightly', self.share, 'available'),
            (snapshot.name, snapshot.share_id, snapshot.status),
        )
        self.run_on('verification', checkpoint)
        self.run_on('restore', checkpoint)
        made = self.find_new_share()
        self.assertEqual(f'{checkpoint["id"]}@{self.share}', made.name)
        self.assertEqual(('available', snapshot.id), (made.status, made.snapshot_id))
        self.delete(checkpoint)
        self.assertEqual([], self.snapshots.list())
        self.assertEqual(2, len(self.shares.list()))

    def test_refused_by_manila(self):
        quotas = self.connect('admin', 'admin').quotas
        quotas.update(self.project.id, snapshots=0)
        self.addCleanup(quotas.delete, self.project.id)
        checkpoint = self.protect(status='error')
        path = f'/v1/operation_logs?checkpoint_id={checkpoint["id"]}'
        (told,) = self.get(self.token, path)['operation_logs']
        self.assertIn('quota', told['error_info'].lower())
        self.delete(checkpoint)

    def test_a_snapshot_that_somebody_deleted(self):
        checkpoint = self.protect()
        (snapshot,) = self.snapshots.list()
        self.snapshots.delete(snapshot)
        wait_until(
            partial(manila_case.is_empty, self.snapshots),
            'it to go',
            manila_case.PATIENCE,
        )
        verification = self.run_on('verification', checkpoint, 'fail')
        self.assert_told(verification, snapshot.id, 'not-found')
        restore = self.run_on('restore', checkpoint, 'fail')
        self.assert_told(restore, snapshot.id, 'could not be found')
        self.assertEqual([self.share], [each.id for each in self.shares.list()])
        self.delete(checkpoint)

    def test_a_share_that_was_deleted_since_it_was_listed(self):
        plan = self.make_plan()
        self.shares.delete(self.share)
        wait_until(
            partial(manila_case.is_empty, self.shares), 'it to go', manila_case.PATIENCE
        )
        checkpoint = self.protect_by(plan, 'error')
        self.assertIn(self.share, checkpoint['fault'])
        self.delete(checkpoint)

    def test_a_share_in_a_bad_status(self):
        plan = self.make_plan()
        admin = self.connect('admin', self.project.name).shares
        admin.reset_state(self.share, 'error')
        path = f'/v1/protectables/{site.SHARE}/instances'
        self.assertEqual([], self.get(self.token, path)['instances'])
        answer = self.change(409, self.token, 'GET', f'{path}/{self.share}').json()
        self.assertEqual('ResourceInvalidStatus', answer['error_name'])
        self.assertIn('error', answer['error_message'])
        checkpoint = self.protect_by(plan, 'error')
        self.assertIn('Manila refused', checkpoint['fault'])
        self.delete(checkpoint)
        self.assertEqual([], self.snapshots.list())

    def test_a_snapshot_that_cannot_be_deleted(self):
        checkpoint = self.protect()
        (snapshot,) = self.snapshots.list()
        admin = self.connect('admin', self.project.name).share_snapshots
        admin.reset_state(snapshot, 'error_deleting')
        path = f'{manila_case.CHECKPOINTS}/{checkpoint["id"]}'
        self.change(200, self.token, 'DELETE', path)
        left = self.wait_for(path, 'checkpoint', 'error-deleting')
        self.assertIn(snapshot.id, left['fault'])
        admin.reset_state(snapshot, 'available')
        self.delete(checkpoint)
        self.assertEqual([], self.snapshots.list())


class ScheduleTest(manila_case.ManilaCase):
    def test_by_a_trust(self):
        definition = {
            'plan_id': self.make_plan(),
            'provider_id': site.PROVIDER,
            'max_backups': 2,
        }
        trigger = self.make('/v1/triggers', 'trigger_info', _EVERY_SECOND)
        # From here on it has no other authority than the user's.
        self.keystone.take_role('mogan', self.project.name, 'member')
        operation = self.make(
            '/v1/scheduled_operations',
            'scheduled_operation',
            {
                'name': 'keep two',
                'operation_type': 'retention_protect',
                'trigger_id': trigger['id'],
                'operation_definition': definition,
            },
        )
        path = f'/v1/scheduled_operations/{operation["id"]}'
        (trust,) = self._list_trusts()
        seen = set()

        def look():
            seen.update(each.id for each in self.snapshots.list())
            return len(seen) > 2

        wait_until(look, 'three snapshots', manila_case.PATIENCE)
        body = {'scheduled_operation': {'enabled': False}}
        self.change(200, self.token, 'PUT', path, body)
        wait_until(self._has_two, 'two to be kept', manila_case.PATIENCE)
        self.assertEqual(
            ['available'] * 2, [each.status for each in self.snapshots.list()]
        )
        logs = self.get(self.token, '/v1/operation_logs')['operation_logs']
        self.assertEqual({'success'}, {each['status'] for each in logs}, logs)
        self.assertEqual([trust], self._list_trusts())
        self.change(200, self.token, 'DELETE', path)
        wait_until(
            lambda: not self._list_trusts(), 'the trust to go', manila_case.PATIENCE
        )
        self.assertIsNone(self.keystone.find_trust(trust))
        self.assertTrue(self._has_two())

    def _has_two(self):
        found = self.get(self.token, manila_case.CHECKPOINTS)['checkpoints']
        # Seen where it is waited for in vain.
        kept = [(each['id'], each['status'], each['fault']) for each in found]
        self.addDetail('checkpoints', content.text_content(f'{kept}'))
        return [each['status'] for each in found] == ['available'] * 2

    def _list_trusts(self):
        """The ids of those that the user has given, as Keystone tells it."""
        asking = self.keystone.session('demo', self.project.name)
        answer = asking.get(
            f'{self.keystone.auth_url}/OS-TRUST/trusts'
            f'?trustor_user_id={asking.get_user_id()}'
        )
        return [
            each['id']
            for each in answer.json()['trusts']
            if each['project_id'] == self.project.id
        ]
