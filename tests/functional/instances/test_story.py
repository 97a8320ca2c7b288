"""The main job: make, lock, be refused, unlock, delete, read the audit."""

from tests.functional import case


class StoryTest(case.FunctionalCase):
    def test_instance_outlives_a_locked_delete_and_its_audit_outlives_it(self):
        uuid = self.service.make_instance()
        path = f'/v1/instances/{uuid}'
        self.service.lock(uuid)
        self.assertTrue(self.member.get(path).body['locked'])
        refused = self.member.delete(path)
        self.assert_refused(refused, 403, 'OperationNotPermitted')
        self.assertEqual('LOCKED', self.member.get(path).body['status'])
        unlocked = self.admin.put(f'{path}/states/unlock', {'unlock': None})
        self.assertEqual(202, unlocked.status)
        self.assertEqual(202, self.member.delete(path).status)
        self.service.wait_for(uuid, 'DELETED')
        actions = self.member.get(f'{path}/actions').body['actions']
        self.assertEqual(
            [
                ('delete', 'success'),
                ('unlock', 'success'),
                ('delete', 'refused'),
                ('lock', 'success'),
                ('create', 'success'),
            ],
            [(action['action'], action['result']) for action in actions],
        )

    def test_a_name_may_have_any_character(self):
        uuid = self.service.make_instance(name='metal \U0001f980')
        shown = self.member.get(f'/v1/instances/{uuid}').body
        self.assertEqual('metal \U0001f980', shown['name'])
