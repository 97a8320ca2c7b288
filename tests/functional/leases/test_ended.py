"""Leases that were ended and deleted, as the API shows them."""

from tests.functional.leases import leases_case

_ENDED = ('TERMINATING', 'TERMINATED')


class EndedTest(leases_case.LeasesCase):
    def start(self):
        """The path of a lease that runs."""
        uuid = self.make(start_date='now')['id']
        self.wait_for_lease(uuid, 'ACTIVE')
        return uuid, f'/v1/leases/{uuid}'

    def end(self, path, **values):
        answer = self.member.put(path, {'end_date': 'now', **values})
        self.assertEqual(200, answer.status, answer)
        return answer.body['lease']

    def test_ended_twice(self):
        uuid, path = self.start()
        first = self.end(path)
        self.assertIn(first['status'], _ENDED)
        self.assertEqual('user-member', first['ended_by_user_id'])
        self.wait_for_lease(uuid, 'TERMINATED')
        second = self.end(path)
        self.assertEqual('TERMINATED', second['status'])
        self.assertEqual(first['end_date'], second['end_date'])

    def test_a_lease_that_has_not_started(self):
        uuid = self.make()['id']
        lease = self.end(f'/v1/leases/{uuid}')
        self.assertEqual(lease['start_date'], lease['end_date'])
        self.wait_for_lease(uuid, 'TERMINATED')
        events = {each['event_type']: each for each in self.read(uuid)['events']}
        start = events['start_lease']
        self.assertEqual(('DONE', 'skipped'), (start['status'], start['result']))

    def test_deleted_twice(self):
        uuid, path = self.start()
        self.assertEqual(204, self.member.delete(path).status)
        self.wait_for_lease(uuid, 'GONE')
        self.assertEqual(204, self.member.delete(path).status)
        self.assertEqual(204, self.admin.delete(path).status)
        for method, body in (
            ('GET', None),
            ('PUT', {}),
            ('PUT', {'name': 'x'}),
            ('PUT', {'end_date': 'now'}),
        ):
            answer = self.member.send(method, path, body)
            self.assert_refused(answer, 404, 'LeaseNotFound')
        for verb in ('retry', 'abandon'):
            answer = self.admin.post(f'{path}/action', {verb: None})
            self.assert_refused(answer, 404, 'LeaseNotFound')
        self.assertEqual([], self.list_names())

    def test_history(self):
        uuid, path = self.start()
        self.member.delete(path)
        self.wait_for_lease(uuid, 'GONE')
        actions = self.member.get(f'{path}/actions?sort_dir=asc').body['actions']
        self.assertEqual('create', actions[0]['action'])
        self.assertIn(
            ('delete', 'success'),
            [(each['action'], each['result']) for each in actions],
        )
        request = actions[0]['request_id']
        self.assertEqual(200, self.member.get(f'{path}/actions/{request}').status)
        lease = self.read(uuid, '?deleted=true')
        self.assertEqual('TERMINATED', lease['status'])
        self.assertIsNotNone(lease['deleted_at'])
        self.assertIsNone(lease['waiting_for'])
        self.assertEqual(['a lease'], self.list_names('?deleted=true', self.admin))
        self.assertEqual([], self.list_names(client=self.admin))

    def test_what_has_ended_can_be_renamed_and_no_more(self):
        uuid, path = self.start()
        self.end(path)
        self.wait_for_lease(uuid, 'TERMINATED')
        self.assertEqual('old', self.end(path, name='old')['name'])
        answer = self.member.put(path, {'name': 'older'})
        self.assertEqual('older', answer.body['lease']['name'])
        for body in (
            {'end_date': leases_case.in_minutes(60)},
            {'start_date': leases_case.in_minutes(10)},
            {'reservations': [{'id': self.read(uuid)['reservations'][0]['id']}]},
        ):
            answer = self.member.put(path, body)
            self.assert_refused(answer, 409, 'InvalidLeaseState')
        self.assertEqual(204, self.member.delete(path).status)
        self.wait_for_lease(uuid, 'GONE')
