"""What a reservation asks for, read by the schema of its type."""

import types

from osc_lib import exceptions
import testtools

from mogan_like_client.osc import reservation

_SCHEMA = {
    'type': 'object',
    'required': ['min'],
    'additionalProperties': False,
    'properties': {
        'min': {'type': ['integer', 'string'], 'minimum': 1, 'maximum': 9},
        'text': {'type': ['string', 'null'], 'default': 'x', 'description': 'Words.'},
        'nets': {'type': 'array', 'items': {'type': 'object'}},
        'deep': {'type': 'boolean'},
        'mode': {'enum': ['a', 'b']},
    },
}
_SERVERS = {
    'type': 'object',
    'properties': {
        'flavor_id': {'type': 'string'},
        'image_uuid': {'type': 'string'},
        'networks': {'type': 'array', 'items': {'type': 'object'}},
        'before_end': {'type': ['string', 'null']},
    },
}
_PLUGINS = [
    types.SimpleNamespace(resource_type='metal', schema=_SCHEMA),
    types.SimpleNamespace(resource_type='any', schema={'type': 'object'}),
    types.SimpleNamespace(resource_type='servers', schema=_SERVERS),
]


def _find_id(noun, name):
    return f'{noun} {name}'


class ReservationTest(testtools.TestCase):
    def refuse(self, text, plugins=_PLUGINS):
        with self.assertRaises(exceptions.CommandError) as caught:
            reservation.read(text, plugins, _find_id)
        return str(caught.exception)

    def test_values_by_their_kinds(self):
        read = reservation.read(
            'metal,min=2,text=["a", 5],nets=[{"id": "a,b"}],deep=true',
            _PLUGINS,
            _find_id,
        )
        expected = {
            'resource_type': 'metal',
            'min': 2,
            'text': '["a", 5]',
            'nets': [{'id': 'a,b'}],
            'deep': True,
        }
        self.assertEqual(expected, read)
        read = reservation.read('any,a="1,2",b=3', _PLUGINS, _find_id)
        self.assertEqual({'resource_type': 'any', 'a': '1,2', 'b': 3}, read)

    def refuse_number(self, text):
        number = {'type': 'object', 'properties': {'min': {'type': 'integer'}}}
        plugins = [types.SimpleNamespace(resource_type='n', schema=number)]
        return self.refuse(f'n,min={text}', plugins)

    def test_what_is_wrong_is_told(self):
        self.assertIn(
            'min: 10 is greater than the maximum', self.refuse('metal,min=10')
        )
        for text in ('²', '--5', '-', '٣'):
            self.assertIn('min: ', self.refuse_number(text))
        self.assertIn("'min' is a required", self.refuse('metal'))
        self.assertIn('nets: ', self.refuse('metal,min=1,nets=[{'))
        self.assertIn('there are any, metal', self.refuse('wood'))
        self.assertIn('lease resource show metal', self.refuse('metal,min=1,z=1'))

    def test_what_cannot_be_read_is_told(self):
        told = self.refuse('any,note=a,note=b')
        self.assertEqual('any: note is there twice.', told)
        read = reservation.read("any,note=don't,amount=x", _PLUGINS, _find_id)
        self.assertEqual(("don't", 'x'), (read['note'], read['amount']))
        with self.assertRaises(exceptions.CommandError) as caught:
            self.change('text=a,text=b', '1')
        self.assertEqual('metal: text is there twice.', str(caught.exception))

    def test_names_of_the_service_are_no_values(self):
        for name in ('resource_type', 'id', 'status', 'lease_id', 'created_at'):
            told = self.refuse(f'any,{name}=metal')
            self.assertEqual(
                f'any: {name} is a word of the service, and no value of the type.', told
            )
        own = {'type': 'object', 'properties': {'status': {'type': 'string'}}}
        plugins = [types.SimpleNamespace(resource_type='own', schema=own)]
        read = reservation.read('own,status=x', plugins, _find_id)
        self.assertEqual('x', read['status'])
        with self.assertRaises(exceptions.CommandError) as caught:
            self.change('id=2,text=a', '1')
        self.assertIn('metal: id is a word of the service', str(caught.exception))

    def change(self, text, *ids):
        held = [{'id': uuid, 'resource_type': 'metal'} for uuid in ids]
        lease = types.SimpleNamespace(reservations=held)
        return reservation.read_change(text, lease, _PLUGINS, _find_id)

    def test_a_change_requires_nothing(self):
        self.assertEqual({'id': '1', 'text': 'y'}, self.change('1,text=y', '1', '2'))
        with self.assertRaises(exceptions.CommandError) as caught:
            self.change('3', '1', '2')
        self.assertIn('no reservation 3; it has 1, 2.', str(caught.exception))

    def test_the_only_one_is_meant_where_none_is_said(self):
        expected = {'id': '1', 'text': 'y', 'min': 2}
        self.assertEqual(expected, self.change('text=y,min=2', '1'))
        self.assertRaises(exceptions.CommandError, self.change, 'text=y', '1', '2')

    def test_names_of_what_it_takes(self):
        read = reservation.read(
            'servers,flavor_id=small,image_uuid=debian,before_end=plan:nightly,'
            'networks=[{"net_id": "prod"}, {"port_id": "up"}]',
            _PLUGINS,
            _find_id,
        )
        expected = {
            'resource_type': 'servers',
            'flavor_id': 'flavor small',
            'image_uuid': 'image debian',
            'before_end': 'plan:plan nightly',
            'networks': [{'net_id': 'network prod'}, {'port_id': 'port up'}],
        }
        self.assertEqual(expected, read)
        # Where a type takes whatever it is given, nobody knows what it means.
        read = reservation.read('any,flavor_id=small', _PLUGINS, _find_id)
        self.assertEqual('small', read['flavor_id'])
        for text, expected in (('notify', 'notify'), ('null', None)):
            read = reservation.read(f'servers,before_end={text}', _PLUGINS, _find_id)
            self.assertEqual(expected, read['before_end'])
