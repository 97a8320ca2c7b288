"""Lists end where they were asked to."""

import testtools

from tests.unit.client import recorder


class ListsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = recorder.Recorder()
        self.client.answer = self.answer

    def answer(self, _method):
        """A page of two, and there is always another."""
        first = 2 * len(self.client.requests)
        page = [{'uuid': f'{first + each}', 'name': 'x'} for each in range(2)]
        answer = recorder.make_answer(200, {'instances': page})
        answer.links = {'next': {'uri': f'http://x/v1/instances?marker={first}'}}
        return answer

    def test_no_more_than_are_wanted(self):
        for wanted, pages in ((1, 1), (2, 1), (3, 2), (4, 2)):
            self.client.requests.clear()
            found = list(self.client.instances(max_items=wanted))
            self.assertEqual((wanted, pages), (len(found), len(self.client.requests)))

    def test_none_is_asked_for_when_none_is_wanted(self):
        self.assertEqual([], list(self.client.instances(max_items=0)))
        self.assertEqual([], self.client.requests)
