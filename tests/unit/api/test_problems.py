"""Of alternatives, a refusal tells of those that the document comes nearest to."""

import unittest

from mogan_like.api import body
from mogan_like.compute.schemas import server_actions
from mogan_like.compute.schemas import servers
from mogan_like.instances.schemas import instances
from mogan_like.protection.schemas import schedules

_UUID = '6f2c1a52-5c8d-4f43-9a8e-2b1c3d4e5f60'
_NOVA = 'server.networks'
_HINT = 'os:scheduler_hints.reservation'


class TestAlternatives(unittest.TestCase):
    def check(self, schema, make, cases):
        """The problem of each document that is made of a value."""
        schema = body.Schema(schema)
        for value, problem in cases:
            with self.subTest(value):
                self.assertEqual(problem, schema.find_problem(make(value), (9, 9)))

    def test_locks(self):
        long = 'must be shorter than or equal to 255 characters'
        empty = 'must be longer than or equal to 1 characters'
        neither = 'lock must be null, or must be object'
        self.check(
            instances.LOCK_4,
            lambda value: {'lock': value},
            (
                ({'reason': ''}, f'lock.reason {empty}'),
                ({'reason': 'x' * 256}, f'lock.reason {long}'),
                ({'reason': 5}, 'lock.reason must be string'),
                ({'until': 'x'}, 'lock: unknown field until'),
                (True, neither),
                (None, None),
            ),
        )
        self.check(
            server_actions.ACTIONS['lock'],
            lambda value: {'lock': value},
            (
                ({'locked_reason': ''}, f'lock.locked_reason {empty}'),
                ({'reason': 'x'}, 'lock: unknown field reason'),
                ('x', neither),
            ),
        )

    def test_networks(self):
        both = {'net_id': _UUID, 'port_id': _UUID}
        self.check(
            instances.CREATE,
            lambda value: {
                'name': 'a',
                'image_uuid': _UUID,
                'flavor_uuid': _UUID,
                'networks': value,
            },
            (
                ([{'net_id': 'x'}], 'networks[0].net_id must be uuid'),
                (
                    [{'net_id': _UUID}, {'uuid': _UUID}],
                    'networks[1]: net_id is required, or port_id is required',
                ),
                ([both], 'networks[0]: unknown field port_id, or unknown field net_id'),
            ),
        )

    def test_networks_of_nova(self):
        self.check(
            servers.CREATE,
            lambda value: {
                'server': {
                    'name': 'a',
                    'imageRef': _UUID,
                    'flavorRef': _UUID,
                    'networks': value,
                }
            },
            (
                ('some', f"{_NOVA} must be one of ['auto', 'none'], or must be array"),
                ([{'uuid': 'x'}], f'{_NOVA}[0].uuid must be uuid'),
                (
                    [{'uuid': _UUID, 'fixed_ip': '192.0.2.1'}],
                    f'{_NOVA}[0]: unknown field fixed_ip',
                ),
                ([{}], f'{_NOVA}[0]: uuid is required, or port is required'),
            ),
        )

    def test_hints(self):
        server = {'name': 'a', 'imageRef': _UUID, 'flavorRef': _UUID}
        self.check(
            servers.CREATE,
            lambda value: {
                'server': {**server, 'networks': 'none'},
                'os:scheduler_hints': {'reservation': value},
            },
            (
                ('x', f'{_HINT} must be uuid'),
                (5, f'{_HINT} must be string, or must be null'),
            ),
        )

    def test_numbers_as_text(self):
        self.check(
            schedules._LIMIT,
            lambda value: value,
            (
                (
                    0,
                    'the document must be bigger than or equal to 1, '
                    'or must be smaller than or equal to -1',
                ),
                (1, None),
            ),
        )

    def test_two_that_fit_are_told_as_that(self):
        schema = {'oneOf': [{'type': 'string'}, {'maxLength': 5}]}
        problem = body.Schema(schema).find_problem('x', (1, 1))
        self.assertIn('exactly by one definition (2 matches found)', problem)

    def test_none_is_said_twice(self):
        text = {'type': 'string'}
        schema = {'oneOf': [text, {**text, 'minLength': 1}]}
        problem = body.Schema(schema).find_problem(5, (1, 1))
        self.assertEqual('the document must be string', problem)
