"""The types of parameters: what they take, and what they say otherwise."""

import datetime
import unittest

from mogan_like.api import types
from mogan_like.common import exception

UUID = '00779b90-e130-55fc-8b50-7dc776b75670'


class TestTypes(unittest.TestCase):
    def assert_takes(self, datatype, expected):
        for text, value in expected.items():
            with self.subTest(text):
                self.assertEqual(value, datatype.frombasetype(text))

    def assert_refuses(self, datatype, texts, message, error=ValueError):
        for text in texts:
            with self.subTest(text[:40]), self.assertRaisesRegex(error, message):
                datatype.frombasetype(text)

    def test_uuid(self):
        self.assert_takes(types.Uuid, {UUID: UUID, UUID.upper(): UUID})
        self.assert_refuses(
            types.Uuid,
            (
                '', 'x', UUID[:-1], UUID + '0', UUID + '\n', '{' + UUID + '}',
                UUID.replace('-', ''), 'urn:uuid:' + UUID, UUID.replace('0', '\u0660'),
                'a' * 100_000,
            ),
            'Expected a UUID',
            exception.InvalidUUID,
        )  # fmt: skip

    def test_a_message_does_not_grow_with_the_value(self):
        with self.assertRaises(exception.InvalidUUID) as caught:
            types.Uuid.frombasetype('a' * 100_000)
        self.assertLess(len(str(caught.exception)), 200)

    def test_integer(self):
        limit = types.Integer(0, 50)
        self.assert_takes(limit, {'0': 0, '50': 50, '07': 7, '-0': 0})
        self.assert_refuses(
            limit,
            (
                '',
                '-1',
                '51',
                '1.0',
                '1e1',
                ' 1',
                '1_0',
                '+1',
                '0x1',
                '\u0661',
                '9' * 9999,
            ),
            'integer from 0 to 50',
        )

    def test_boolean(self):
        self.assert_takes(
            types.Boolean,
            {'true': True, 'True': True, '1': True, 'false': False, 'FALSE': False},
        )
        self.assert_takes(
            types.Boolean,
            dict.fromkeys(('t', 'on', 'y', 'yes', 'Y'), True)
            | dict.fromkeys(('f', 'off', 'n', 'no', '0'), False),
        )
        self.assert_refuses(types.Boolean, ('', 'maybe', '2', 'none'), 'true or false')

    def test_datetime(self):
        noon = datetime.datetime(2026, 11, 21, 12, 0)
        self.assert_takes(
            types.DateTime,
            {
                '2026-11-21T12:00:00': noon,
                '2026-11-21T12:00:00Z': noon,
                '2026-11-21T14:00:00+02:00': noon,
                '2026-11-21T14:00:00 02:00': noon,
                '2026-11-21 12:00': noon,
                '2026-11-21T12:00:00.000001': noon.replace(microsecond=1),
            },
        )
        self.assert_refuses(
            types.DateTime,
            ('', 'now', '2026-13-01', '0001-01-01T00:00:00+23:00', '1' * 9999),
            'ISO 8601',
        )

    def test_text(self):
        self.assert_takes(types.Name, {'a': 'a', 'é' * 255: 'é' * 255})
        self.assert_refuses(types.Name, ('', 'x' * 256), '1 to 255 characters')

    def test_choice(self):
        choice = types.Choice('name', 'status')
        self.assert_takes(choice, {'name': 'name'})
        self.assert_refuses(choice, ('', 'NAME', 'uuid'), 'one of name, status')
