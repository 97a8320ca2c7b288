"""Lists of what has changed since some time."""

from tests.functional import case


class ChangesTest(case.FunctionalCase):
    def setUp(self):
        super().setUp()
        self.service.wait_for_nodes(4)
        flavor = self.service.make_flavor()
        self.made = [self.service.make_instance(flavor_uuid=flavor) for _ in range(3)]
        # The first made is the last changed.
        path = f'/v1/instances/{self.made[0]}'
        self.service.member.patch(path, {'description': 'changed'})

    def _list(self, query):
        answer = self.member.get(f'/v1/instances?changes_since=2020-01-01&{query}')
        self.assertEqual(200, answer.status, answer)
        return [item['uuid'] for item in answer.body['instances']]

    def test_the_last_change_is_first(self):
        first, second, third = self.made
        self.assertEqual([first, third, second], self._list(''))
        self.assertEqual([second, third, first], self._list('sort_dir=asc'))

    def test_pages_follow_the_same_order(self):
        first, second, third = self.made
        self.assertEqual([first, third], self._list('limit=2'))
        self.assertEqual([second], self._list(f'limit=2&marker={third}'))

    def test_another_order_can_be_had(self):
        self.assertEqual(self.made, self._list('sort_key=created_at&sort_dir=asc'))

    def test_only_what_has_changed(self):
        since = self.member.get(f'/v1/instances/{self.made[0]}').body['updated_at']
        answer = self.member.get(f'/v1/instances?changes_since={since}')
        found = [item['uuid'] for item in answer.body['instances']]
        self.assertEqual(self.made[:1], found)
