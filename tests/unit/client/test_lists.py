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

    def test_the_service_says_where_it_ends(self):
        last = recorder.make_answer(200, {'actions': [{'id': 2}, {'id': 1}]})
        self.client.answer = lambda _method: last
        for cut in ({'max_items': 20}, {'limit': 20}, {'limit': 2}, {}):
            self.client.requests.clear()
            found = list(self.client.instance_actions('x', **cut))
            self.assertEqual((2, 1), (len(found), len(self.client.requests)), cut)

    def test_none_is_asked_for_when_none_is_wanted(self):
        self.assertEqual([], list(self.client.instances(max_items=0)))
        self.assertEqual([], self.client.requests)


class FiltersTest(testtools.TestCase):
    """What the service does not filter by is filtered here."""

    def setUp(self):
        super().setUp()
        self.client = recorder.Recorder()
        self.client.answer = self.answer
        self.rows = []

    def answer(self, _method):
        keys = ('flavors', 'nodes', 'hosts', 'leases')
        return recorder.make_answer(200, dict.fromkeys(keys, self.rows))

    def list(self, noun, **query):
        """The ids of those that are let through."""
        return [each.id for each in getattr(self.client, noun)(**query)]

    def test_by_what_is_true_or_false(self):
        for noun, field in (
            ('flavors', 'is_public'),
            ('nodes', 'present'),
            ('hosts', 'reservable'),
            ('leases', 'degraded'),
        ):
            name = 'uuid' if noun in ('flavors', 'nodes') else 'id'
            self.rows[:] = [{name: '1', field: True}, {name: '2', field: False}]
            self.assertEqual(['1'], self.list(noun, **{field: True}), noun)
            self.assertEqual(['2'], self.list(noun, **{field: False}), noun)
            self.assertNotIn(field, self.client.queries[-1], noun)

    def test_the_service_reads_it_in_lower_case(self):
        self.list('nodes', maintenance=False)
        self.assertEqual({'maintenance': 'false'}, self.client.queries[-1])

    def test_all_pages_are_as_long_as_they_can_be(self):
        # Of a page of one it would be one of thousands that is let through.
        self.list('flavors', name='small', max_items=1)
        self.assertEqual({}, self.client.queries[-1])
        self.list('nodes', maintenance=False, max_items=1)
        self.assertEqual({'maintenance': 'false', 'limit': 1}, self.client.queries[-1])
        self.list('leases', limit=7, name='l', degraded=True, max_items=1)
        self.assertEqual({'name': 'l', 'limit': 7}, self.client.queries[-1])
