"""A lease that is deleted is shown by its ID, to who may see it."""

from osc_lib import exceptions
import testtools

from mogan_like_client.osc import lease
from tests.unit.client import commands
from tests.unit.client import recorder

_UUID = 'b8a5b6f0-6f0e-4f0b-9a3c-0d6f7c1f2e11'


class DeletedTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = recorder.Recorder()
        self.asked = []
        self.status = 200
        self.client.request = self.request

    def request(self, url, _method, *, params=None, **_kwargs):
        """A lease, only of those that are deleted."""
        self.asked.append((url.strip('/'), params))
        found = {'lease': {'id': _UUID, 'name': 'l', 'status': 'TERMINATED'}}
        if params == {'deleted': 'true'}:
            return recorder.make_answer(self.status, found)
        if url.endswith(_UUID):
            return recorder.make_answer(404, {})
        return recorder.make_answer(200, {'leases': []})

    def show(self, which):
        return commands.run(lease.ShowLease, commands.make_app(self.client), which)

    def refuse(self, which):
        with self.assertRaises(exceptions.CommandError) as caught:
            self.show(which)
        return str(caught.exception)

    def test_by_its_id(self):
        shown = dict(zip(*self.show(_UUID), strict=True))
        self.assertEqual((_UUID, 'TERMINATED'), (shown['id'], shown['status']))
        self.assertEqual((f'leases/{_UUID}', {'deleted': 'true'}), self.asked[-1])

    def test_that_may_not_be_seen(self):
        for self.status in (403, 404):
            self.assertIn(f'There is no lease {_UUID}', self.refuse(_UUID))

    def test_by_its_name_it_is_not_found(self):
        self.assertIn('There is no lease l', self.refuse('l'))
        self.assertNotIn({'deleted': 'true'}, [params for _path, params in self.asked])
