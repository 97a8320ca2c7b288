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
_PLUGINS = [
    types.SimpleNamespace(resource_type='metal', schema=_SCHEMA),
    types.SimpleNamespace(resource_type='any', schema={'type': 'object'}),
]


class ReservationTest(testtools.TestCase):
    def refuse(self, text, plugins=_PLUGINS):
        with self.assertRaises(exceptions.CommandError) as caught:
            reservation.read(text, plugins)
        return str(caught.exception)

    def test_values_by_their_kinds(self):
        read = reservation.read(
            'metal,min=2,text=["a", 5],nets=[{"id": "a,b"}],deep=true', _PLUGINS
        )
        expected = {
            'resource_type': 'metal',
            'min': 2,
            'text': '["a", 5]',
            'nets': [{'id': 'a,b'}],
            'deep': True,
        }
        self.assertEqual(expected, read)
        read = reservation.read('any,a="1,2",b=3', _PLUGINS)
        self.assertEqual({'resource_type': 'any', 'a': '1,2', 'b': '3'}, read)

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

    def test_a_change_requires_nothing(self):
        lease = types.SimpleNamespace(
            reservations=[{'id': '1', 'resource_type': 'metal'}]
        )
        read = reservation.read_change('1,text=y', lease, _PLUGINS)
        self.assertEqual({'id': '1', 'text': 'y'}, read)
        self.assertRaises(
            exceptions.CommandError, reservation.read_change, '2', lease, _PLUGINS
        )

    def test_what_a_type_takes(self):
        rows = list(reservation.describe(_SCHEMA))
        self.assertEqual(('min', 'integer, 1 to 9', '(required)', ''), rows[0])
        self.assertEqual(('text', 'string', 'x', 'Words.'), rows[1])
        self.assertEqual('a, b', rows[4][1])
        self.assertEqual(5, len(rows))
        ((name, *_),) = reservation.describe({'type': 'object'})
        self.assertEqual('(any other)', name)
