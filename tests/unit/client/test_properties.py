"""What becomes of the properties and the metadata that there are."""

from unittest import mock

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions
import testtools

from mogan_like_client.osc import instance
from mogan_like_client.osc import inventory
from tests.unit.client import commands

_KINDS = (instance.SetInstance, inventory.SetFlavor)


class _Client(mock.MagicMock):
    """Has one object, of any kind, and an audit of who changed it.

    :ivar others: called with the object before it is changed
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        kept = {'a': '1', 'b': '2'}
        self.found = mock.Mock(id='x-1', metadata=kept, properties=kept)
        self.audit = [_act('r-1', 'update'), _act('r-0', 'create')]
        self.others = lambda _found: None
        for noun in ('instance', 'flavor'):
            for verb in ('find', 'get'):
                getattr(self, f'{verb}_{noun}').return_value = self.found
            getattr(self, f'update_{noun}').side_effect = self._update
        self.instance_actions.side_effect = self.actions.side_effect = self._list

    def _list(self, *_args, **_kwargs):
        return list(self.audit)

    def _update(self, found, **attrs):
        self.others(found)
        self.sent = attrs.get('metadata', attrs.get('properties'))
        self.audit.insert(0, _act('r-own', 'update'))

    def _get_child_mock(self, /, **kwargs):
        return mock.MagicMock(**kwargs)


def _act(request_id, action, result='success'):
    return mock.Mock(request_id=request_id, action=action, result=result)


class PropertiesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = _Client()

    def change(self, kind, *words):
        """What is sent for metadata, or properties, of an a and a b."""
        commands.run(kind, commands.make_app(self.client), 'x', *words)
        return self.client.sent

    def test_of_what_there_is(self):
        for kind in _KINDS:
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

    def test_what_somebody_else_changes_meanwhile_is_told(self):
        def rename(_found):
            self.client.audit.insert(0, _act('r-2', 'update'))

        for kind in _KINDS:
            self.client = _Client()
            self.client.others = rename
            with self.assertRaises(exceptions.CommandError) as caught:
                self.change(kind, '--property', 'c=4')
            self.assertEqual(
                'It is done, and somebody else made a change at the same time (one of '
                'the requests r-own, r-2 is theirs): look whether what they set is '
                'still there.',
                str(caught.exception),
            )
            # Who drops all of it means what others set, too.
            self.change(kind, '--no-property', '--property', 'c=4')
            self.change(kind, '--description', 'd')

    def test_what_does_not_change_it(self):
        def act(_found):
            self.client.audit[:0] = [
                _act('r-2', 'lock'),
                _act('r-3', 'update', 'refused'),
            ]

        self.client.others = act
        self.change(instance.SetInstance, '--property', 'c=4')

    def test_nobody_says_who_changed_it(self):
        refusal = sdk_exceptions.ForbiddenException('No.')
        self.client.instance_actions.side_effect = refusal
        sent = self.change(instance.SetInstance, '--property', 'c=4')
        self.assertEqual('4', sent['c'])

    def test_it_is_read_when_the_audit_has_been(self):
        fresh = mock.Mock(id='x-1', metadata={'new': '5'})
        self.client.get_instance.return_value = fresh
        sent = self.change(instance.SetInstance, '--property', 'c=4')
        self.assertEqual({'new': '5', 'c': '4'}, sent)
