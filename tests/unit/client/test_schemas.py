"""What was typed, read and checked by a schema; and a schema in words."""

import io
from unittest import mock

from osc_lib import exceptions
import testtools

from mogan_like_client.osc import schema_text
from mogan_like_client.osc import schemas
from mogan_like_client.osc import values

_INTEGER = {'type': 'integer'}
#: {where a schema says what a value is: the schema}
_PLACES = {
    'type': {'properties': {'a': _INTEGER}},
    'anyOf': {'properties': {'a': {'anyOf': [{'type': 'null'}, _INTEGER]}}},
    'oneOf': {'properties': {'a': {'oneOf': [{'type': 'boolean'}, _INTEGER]}}},
    'allOf': {'properties': {'a': {'allOf': [_INTEGER, {'minimum': 1}]}}},
    '$ref': {'properties': {'a': {'$ref': '#/$defs/n'}}, '$defs': {'n': _INTEGER}},
    'enum': {'properties': {'a': {'enum': [4, 5]}}},
    'additionalProperties': {'additionalProperties': _INTEGER},
    'patternProperties': {'patternProperties': {'^a': _INTEGER}},
    'whatever': {'properties': {'a': True}},
    'nothing': {},
}
#: What the type that takes anything takes.
_ANY = {'type': ['string', 'integer', 'number', 'boolean', 'null']}


def _read(text, schema):
    """What a text is of a value with this schema."""
    return schemas.Schema('t', {'properties': {'a': schema}}).read('a', text)


class ReadTest(testtools.TestCase):
    def test_wherever_it_is_said_what_it_is(self):
        for place, contents in _PLACES.items():
            schema = schemas.Schema('t', contents)
            self.assertEqual(5, schema.read('a', '5'), place)
            schema.check({'a': 5})

    def assert_read(self, schema, **meanings):
        for text, value in meanings.items():
            read = _read(text, schema)
            self.assertEqual((value, type(value)), (read, type(read)), text)

    def test_the_likeliest_meaning_comes_first(self):
        self.assert_read(
            _ANY,
            **{'5': 5, '1.5': 1.5, 'true': True, 'null': None, 'x': 'x', '': ''},
            # Another one as a number, or none.
            **{'1.10': '1.10', '1e3': '1e3', '007': '007', 'True': 'True'},
            **{'NaN': 'NaN', '1e999': '1e999', '-': '-', '٣': '٣', '²': '²'},
            **{'9' * 5000: '9' * 5000, '[1]': '[1]'},
        )

    def test_a_text_is_what_the_type_takes(self):
        text = {'type': 'string'}
        self.assert_read(text, **{'5': '5', 'true': 'true', 'null': 'null'})
        self.assert_read({'type': 'number'}, **{'1.10': 1.1, '1e3': 1000.0})
        self.assert_read({'type': 'array'}, **{'[1,2]': [1, 2]})
        self.assert_read(_INTEGER, **{'+5': '+5', '5': 5})
        self.assert_read({'type': 'number'}, **{'1e999': '1e999', 'NaN': 'NaN'})
        self.assertEqual('5', _read(values.Quoted('5'), _ANY))

    def test_words_that_mean_yes_and_no(self):
        for text in ('true', 'True', 'yes', 'on', 'YES'):
            self.assert_read({'type': 'boolean'}, **{text: True})
        for text in ('false', 'False', 'no', 'off'):
            self.assert_read({'type': 'boolean'}, **{text: False})
        self.assert_read({'type': ['string', 'boolean']}, yes='yes')


class CheckTest(testtools.TestCase):
    def refuse(self, contents, complete=True, **given):
        with self.assertRaises(exceptions.CommandError) as caught:
            schema = schemas.Schema('t', contents, complete)
            schema.check({key: schema.read(key, text) for key, text in given.items()})
        return str(caught.exception)

    def test_the_nearest_way_to_be_right_is_told(self):
        net = {'type': 'object', 'properties': {'id': _INTEGER}}
        contents = {'properties': {'a': {'type': 'array', 'items': {'anyOf': [net]}}}}
        told = self.refuse(contents, a='[{"id": "x"}]')
        self.assertIn("t: a.0.id: 'x' is not of type 'integer'. ", told)

    def test_what_it_is_not_is_told(self):
        contents = {'properties': {'a': {**_INTEGER, 'maximum': 9}}}
        # What works with an integer takes no other number.
        self.assertIn("a: 5.0 is not of type 'integer'", self.refuse(contents, a='5.0'))
        contents['properties']['a']['type'] = ['integer', 'string']
        self.assertIn('a: 10 is greater than the', self.refuse(contents, a='10'))

    def test_what_is_no_schema(self):
        for contents in (
            {'properties': {'a': {'type': 'strng'}}},
            {'properties': {'a': {'$ref': '#/$defs/none'}}},
            {'properties': {'a': {'pattern': '('}}},
            {'patternProperties': {'(': {}}},
            {'properties': {'a': {'$ref': '#/properties/a'}}},
        ):
            told = self.refuse(contents, a='x')
            self.assertIn("The service's schema of t is broken, tell whoever", told)

    def test_what_stands_elsewhere_is_not_fetched(self):
        with mock.patch(
            'urllib.request.urlopen', return_value=io.BytesIO(b'{}')
        ) as get:
            contents = {'properties': {'a': {'$ref': 'http://127.0.0.1:9/none'}}}
            told = self.refuse(contents, a='x')
        self.assertIn('is broken', told)
        self.assertIn('http://127.0.0.1:9/none', told)
        get.assert_not_called()

    def test_a_change_requires_nothing(self):
        contents = {'required': ['b'], 'properties': {'a': _INTEGER}}
        self.assertIn("'b' is a required", self.refuse(contents, a='5'))
        self.assertIn('not of type', self.refuse(contents, complete=False, a='x'))
        schemas.Schema('t', contents, complete=False).check({'a': 5})


class TextTest(testtools.TestCase):
    def describe(self, **contents):
        return [kind for _name, kind, *_ in schema_text.describe(contents)]

    def describe_one(self, schema, **more):
        kind, *_ = self.describe(properties={'a': schema}, **more)
        return kind

    def test_kinds(self):
        count = {'type': ['integer', 'string'], 'minimum': 1, 'maximum': 9}
        for schema, expected in (
            (count, 'integer, 1 to 9'),
            ({'type': ['string', 'null']}, 'string'),
            ({'enum': ['a', 5]}, 'a, 5'),
            ({'const': 5}, '5'),
            ({'anyOf': [_INTEGER, {'type': 'null'}]}, 'integer'),
            ({'oneOf': [_INTEGER, {'type': 'boolean'}]}, 'integer or boolean'),
            ({'type': 'array'}, 'array'),
            (True, 'anything'),
            ({}, 'anything'),
            (False, 'nothing'),
            ({'$ref': '#/$defs/n'}, 'integer'),
            ({'$ref': '#/$defs/none'}, '#/$defs/none'),
        ):
            known = self.describe_one(schema, **{'$defs': {'n': _INTEGER}})
            self.assertEqual(expected, known, schema)

    def test_what_is_in_lists_and_objects(self):
        net, port = (
            {'type': 'object', 'properties': {name: {'type': 'string'}}}
            for name in ('net_id', 'port_id')
        )
        networks = {'type': 'array', 'items': {'oneOf': [net, port]}}
        expected = 'array of {net_id: string} or {port_id: string}'
        self.assertEqual(expected, self.describe_one(networks))
        endless = {'type': 'array', 'items': {'$ref': '#/properties/a'}}
        self.assertIn('array of ...', self.describe_one(endless))

    def test_rows(self):
        contents = {
            'required': ['a'],
            'properties': {
                'a': _INTEGER,
                'b': {'type': 'string', 'default': 'x', 'description': 'Words.'},
            },
            'patternProperties': {'^x_': _INTEGER},
            'additionalProperties': {'type': 'boolean'},
        }
        self.assertEqual(
            [
                ('a', 'integer', '(required)', ''),
                ('b', 'string', 'x', 'Words.'),
                ('(like ^x_)', 'integer', None, ''),
                ('(any other)', 'boolean', None, 'The type takes values of any name.'),
            ],
            list(schema_text.describe(contents)),
        )
        ((name, kind, *_),) = schema_text.describe({'type': 'object'})
        self.assertEqual(('(any other)', ''), (name, kind))
        self.assertEqual(
            [], list(schema_text.describe({'additionalProperties': False}))
        )
