"""What becomes of the properties and the metadata that there are."""

from unittest import mock

from osc_lib import exceptions
import testtools

from mogan_like_client.osc import instance
from mogan_like_client.osc import inventory
from tests.unit.client import commands


class PropertiesTest(testtools.TestCase):
    def change(self, kind, *words):
        """What is sent for metadata, or properties, of an a and a b."""
        client = mock.MagicMock()
        for find in (client.find_instance, client.find_flavor):
            find.return_value.metadata = find.return_value.properties = {
                'a': '1',
                'b': '2',
            }
        commands.run(kind, commands.make_app(client), 'x', *words)
        update = client.update_instance
        if kind is inventory.SetFlavor:
            update = client.update_flavor
        (sent,) = (call.kwargs for call in update.call_args_list)
        return sent.get('metadata', sent.get('properties'))

    def test_of_what_there_is(self):
        for kind in (instance.SetInstance, inventory.SetFlavor):
            for words, expected in (
                ('--property a=3 --property c=4', {'a': '3', 'b': '2', 'c': '4'}),
                ('--unset-property a --unset-property none', {'b': '2'}),
                ('--unset-property a --property c=4', {'b': '2', 'c': '4'}),
                ('--no-property', {}),
                ('--no-property --property c=4', {'c': '4'}),
                ('--description d', None),
            ):
                self.assertEqual(expected, self.change(kind, *words.split()), words)

    def test_set_and_dropped_at_once(self):
        words = ('--unset-property', 'a', '--property', 'a=3')
        with self.assertRaises(exceptions.CommandError) as caught:
            self.change(inventory.SetFlavor, *words)
        told = 'a is to be set, and to be dropped: say which.'
        self.assertEqual(told, str(caught.exception))
