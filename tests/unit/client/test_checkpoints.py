"""Checkpoints are listed wherever they are."""

import types
from unittest import mock

from osc_lib import exceptions
import testtools

from mogan_like_client.osc import checkpoint


class ListTest(testtools.TestCase):
    def list(self, *words, providers=('p-1', 'p-2')):
        """The ids that are listed; each provider has three."""
        client = mock.Mock()
        client.providers.return_value = [
            types.SimpleNamespace(id=each, name=each) for each in providers
        ]
        client.find_provider.side_effect = lambda name: types.SimpleNamespace(id=name)
        client.checkpoints.side_effect = _list_of
        app = mock.Mock()
        app.client_manager.baremetal_compute = client
        command = checkpoint.ListCheckpoints(app, None)
        with mock.patch.object(command, 'produce_output') as produce:
            command.run(command.get_parser('x').parse_args(words))
            _parsed, _titles, rows = produce.call_args.args
            return [row[0] for row in rows]

    def test_of_all_providers(self):
        expected = ['p-1/0', 'p-1/1', 'p-1/2', 'p-2/0', 'p-2/1', 'p-2/2']
        self.assertEqual(expected, self.list())
        self.assertEqual(expected[:4], self.list('--limit', '4'))
        self.assertEqual([], self.list(providers=()))

    def test_of_one(self):
        expected = ['p-2/0', 'p-2/1', 'p-2/2']
        self.assertEqual(expected, self.list('--provider', 'p-2'))

    def test_a_marker_is_of_one(self):
        words = ('--marker', 'p-1/1')
        self.assertEqual(['p-1/2'], self.list(*words, providers=('p-1',)))
        with self.assertRaises(exceptions.CommandError) as caught:
            self.list(*words)
        self.assertIn('Say which provider by --provider', str(caught.exception))


def _list_of(provider_id, marker=None, max_items=None, **_filters):
    ids = [f'{provider_id}/{number}' for number in range(3)]
    if marker:
        ids = ids[ids.index(marker) + 1 :]
    return [mock.MagicMock(id=each) for each in ids[:max_items]]
