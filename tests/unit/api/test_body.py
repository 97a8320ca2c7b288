"""Bodies: bounded, parsed once, checked; whatever a client may send."""

import io
import json
import unittest

import fixtures
from oslo_config import fixture as config_fixture

from mogan_like.api import body
from mogan_like.api import conf
from mogan_like.common import exception
from mogan_like.common.config import CONF

LIMIT = 1000


class BodyTestCase(fixtures.TestWithFixtures, unittest.TestCase):
    def setUp(self):
        super().setUp()
        conf.register_opts(CONF)
        config = self.useFixture(config_fixture.Config(CONF)).config
        config(group='oslo_middleware', max_request_body_size=LIMIT)

    def assert_invalid(self, message, function, *args):
        with self.assertRaisesRegex(exception.InvalidBody, message):
            function(*args)


class Broken(io.BytesIO):
    def read(self, size=-1):
        raise ConnectionResetError


class Malformed(io.BytesIO):
    def read(self, size=-1):
        raise ValueError('bad chunk')


class Endless(io.BytesIO):
    """A client that never stops sending."""

    given = 0

    def read(self, size=-1):
        self.given += size
        return b'x' * size


class Dribble(io.BytesIO):
    """A socket that gives less than it is asked for."""

    def read(self, size=-1):
        return super().read(min(size, 7))


class TestRead(BodyTestCase):
    def read(self, raw, stream=io.BytesIO, **environ):
        environ = {
            'CONTENT_TYPE': 'application/json',
            'CONTENT_LENGTH': str(len(raw)),
            'wsgi.input': stream(raw),
        } | environ
        document = body.read(environ)
        self.assertEqual(raw, environ[body.ENV])
        return document

    def test_it_gives_the_document(self):
        self.assertEqual({'a': [1]}, self.read(b'{"a": [1]}'))

    def test_parameters_of_the_content_type_do_not_matter(self):
        for content_type in ('application/json; charset=UTF-8', 'Application/JSON'):
            self.assertEqual({}, self.read(b'{}', CONTENT_TYPE=content_type))

    def test_another_content_type_is_415(self):
        for content_type in (
            '',
            'text/plain',
            'application/x-www-form-urlencoded',
            'application/jsonp',
            'multipart/form-data; boundary=x',
        ):
            with self.assertRaises(exception.UnsupportedMediaType):
                self.read(b'{}', CONTENT_TYPE=content_type)

    def test_an_empty_body_is_400(self):
        for length in ('0', ''):
            with self.assertRaisesRegex(exception.InvalidBody, 'required'):
                self.read(b'', CONTENT_LENGTH=length)

    def test_nothing_is_read_where_no_length_is_known(self):
        """Else the thread would wait for the client to close."""
        self.assert_invalid(
            'required', lambda: self.read(b'', stream=Broken, CONTENT_LENGTH='')
        )

    def test_a_body_that_broke_off_is_400(self):
        self.assert_invalid('shorter', lambda: self.read(b'{}', CONTENT_LENGTH='3'))
        self.assert_invalid('broke off', lambda: self.read(b'{}', stream=Broken))

    def test_not_more_is_read_than_was_announced(self):
        stream = io.BytesIO(b'{}GET / HTTP/1.1')
        environ = {
            'CONTENT_TYPE': 'application/json',
            'CONTENT_LENGTH': '2',
            'wsgi.input': stream,
        }
        self.assertEqual({}, body.read(environ))
        self.assertEqual(2, stream.tell())

    def test_a_length_that_is_none_is_400(self):
        for length in ('-1', 'x', '1.0', ' 1', '1_0', '\u0661', '9' * 5000):
            with (
                self.subTest(length[:9]),
                self.assertRaisesRegex(exception.Invalid, 'Content-Length is not'),
            ):
                self.read(b'{}', CONTENT_LENGTH=length)

    def test_a_body_over_the_limit_is_413(self):
        fits = json.dumps('x' * (LIMIT - 2)).encode()
        self.assertEqual(LIMIT, len(fits))
        self.read(fits)
        with self.assertRaises(exception.BodyTooLarge):
            self.read(fits + b' ')

    def test_chunks_are_counted(self):
        for stream in (io.BytesIO, Dribble):
            chunked = {
                'stream': stream,
                'CONTENT_LENGTH': '',
                'HTTP_TRANSFER_ENCODING': 'chunked',
            }
            fits = json.dumps('x' * (LIMIT - 2)).encode()
            self.assertEqual('x' * (LIMIT - 2), self.read(fits, **chunked))
            with self.assertRaises(exception.BodyTooLarge):
                self.read(fits + b' ', **chunked)

    def test_chunks_that_are_none_are_400(self):
        with self.assertRaisesRegex(exception.InvalidBody, 'broke off'):
            self.read(
                b'', Malformed, CONTENT_LENGTH='', HTTP_TRANSFER_ENCODING='chunked'
            )

    def test_who_never_stops_is_not_listened_to_for_ever(self):
        stream = Endless()
        with self.assertRaises(exception.BodyTooLarge):
            body.read({'wsgi.input': stream, 'HTTP_TRANSFER_ENCODING': 'chunked'})
        self.assertGreater(stream.given, 2 * LIMIT)
        self.assertLess(stream.given, 10 * LIMIT)


class TestParse(BodyTestCase):
    def test_what_is_no_json(self):
        for raw in (
            b'{', b'{"a":}', b'nul', b"{'a': 1}", b'{"a": NaN}', b'{"a": Infinity}',
            b'{"a": 1} x', b'{"a": "\xff"}', b'{"a": "\\ud800"}', b'"\\udc00\\ud800"',
            b'\xef\xbb\xbf{}', b'{"a": 1e999}', b'{"a": "\n"}', b'[1,]', b'// {}',
        ):  # fmt: skip
            with self.subTest(raw):
                self.assert_invalid('not JSON', body.parse, raw)

    def test_depth_is_bounded(self):
        for opening, closing in ((b'[', b']'), (b'{"a":', b'}')):
            for depth, valid in ((31, True), (32, False), (1000, False)):
                raw = opening * depth + b'1' + closing * depth
                with self.subTest(raw[:5], depth=depth):
                    if valid:
                        body.parse(raw)
                    else:
                        self.assert_invalid('nested deeper than 31', body.parse, raw)
        self.assert_invalid('depth', body.parse, b'[' * 50_000)

    def test_nul_characters_are_refused_wherever_they_are(self):
        for raw in (b'"\\u0000"', b'{"a": ["b\\u0000"]}', b'[{"\\u0000": 1}]'):
            self.assert_invalid('NUL', body.parse, raw)
        self.assertEqual('\\u0000', body.parse(b'"\\\\u0000"'))

    def test_numbers_have_64_bits(self):
        for number in (2**63 - 1, -(2**63), 1.5, 0, -0.5):
            self.assertEqual([number], body.parse(json.dumps([number]).encode()))
        for text in (
            b'9223372036854775808',
            b'-9223372036854775809',
            b'1e300',
            b'1e16',
        ):
            self.assert_invalid('64 bits', body.parse, b'{"a": ' + text + b'}')

    def test_whole_numbers_are_integers(self):
        document = body.parse(b'{"a": 1.0, "b": [2e2, true]}')
        self.assertEqual('{"a": 1, "b": [200, true]}', json.dumps(document))


SCHEMA = {
    'type': 'object',
    'properties': {
        'name': {'type': 'string', 'minLength': 1, 'maxLength': 255},
        'count': {'type': 'integer', 'minimum': 1, 'default': 7},
        'target': {'enum': ['on', 'off']},
        'uuid': {'type': 'string', 'format': 'uuid'},
        'nics': {
            'type': 'array',
            'items': {
                'type': 'object',
                'properties': {'port': {'type': 'string'}},
                'required': ['port'],
                'additionalProperties': False,
            },
        },
        'metadata': {
            'type': 'object',
            'maxProperties': 2,
            'propertyNames': {'minLength': 1},
            'additionalProperties': {'type': 'string', 'maxLength': 5},
        },
    },
    'required': ['name'],
    'additionalProperties': False,
}


class TestSchema(unittest.TestCase):
    def test_messages_name_the_field_and_what_is_wrong(self):
        schema = body.Schema(SCHEMA)
        good = {'name': 'a'}
        for wrong, message in (
            ({}, 'name is required'),
            ([], 'the document must be object'),
            (None, 'the document must be object'),
            ({'name': ''}, 'name must be longer than or equal to 1 characters'),
            ({'name': 'x' * 256}, 'name must be shorter than or equal to 255'),
            ({'name': None}, 'name must be string'),
            (good | {'z': 1, 'b': 2}, 'unknown field b, z'),
            (good | {'count': True}, 'count must be integer'),
            (good | {'count': 0}, 'count must be bigger than or equal to 1'),
            (good | {'target': 'x'}, "target must be one of ['on', 'off']"),
            (good | {'uuid': 'x'}, 'uuid must be uuid'),
            (good | {'nics': [{'port': 'a'}, {}]}, 'nics[1]: port is required'),
            (good | {'nics': [{'port': 'a', 'x': 1}]}, 'nics[0]: unknown field x'),
            (good | {'metadata': {'': 'x'}}, 'metadata: a key has not the length'),
            (good | {'metadata': {'k': 'longer'}}, 'metadata.k must be shorter'),
            (good | {'metadata': dict.fromkeys('abc', '')}, 'metadata must contain'),
        ):  # fmt: skip
            with self.subTest(message):
                self.assertIn(message, schema.find_problem(wrong, (1, 1)))
        self.assertIsNone(schema.find_problem(good, (1, 1)))

    def test_odd_keys_do_no_harm(self):
        schema = body.Schema(SCHEMA)
        for key in ('{x}', '%s', '"""', "'", '\\', '{0.__class__}', 'a.b', '\n', 'é'):
            with self.subTest(key):
                document = {'name': 'a', 'metadata': {key: 'longer'}}
                problem = schema.find_problem(document, (1, 1))
                self.assertIn('metadata', problem)
                self.assertIn(key, problem)

    def test_messages_are_bounded(self):
        schema = body.Schema(SCHEMA)
        for document in (
            {'x' * 100_000: 1},
            {'name': 'a'} | {str(number): 1 for number in range(10_000)},
            {'name': 'a', 'metadata': {'k' * 100_000: 'longer'}},
        ):
            self.assertLess(len(schema.find_problem(document, (1, 1))), 600)

    def test_defaults_are_not_written_into_the_document(self):
        document = {'name': 'a'}
        body.Schema(SCHEMA).find_problem(document, (1, 1))
        self.assertEqual({'name': 'a'}, document)

    def test_the_newest_schema_of_a_version_counts(self):
        schema = body.Schema({
            '1.4': {'type': 'string'},
            '1.10': {'type': 'integer'},
            '1.1': {'type': 'null'},
        })  # fmt: skip
        for version, good in (
            ((1, 1), None), ((1, 3), None), ((1, 4), ''), ((1, 9), ''), ((1, 11), 1),
        ):  # fmt: skip
            for document in (None, '', 1):
                problem = schema.find_problem(document, version)
                self.assertEqual(document == good, problem is None, (version, document))

    def test_documents_can_be_read(self):
        old, new = {'type': 'object'}, {'type': 'array'}
        schema = body.Schema({'1.4': new, '1.1': old})
        self.assertIs(old, schema.get_document((1, 3)))
        self.assertIs(new, schema.get_document((1, 4)))
        self.assertIs(new, schema.get_document())
        self.assertIs(old, body.Schema(old).get_document())
