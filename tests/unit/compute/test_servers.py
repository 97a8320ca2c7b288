"""Servers as Nova's, whatever state the instance is in."""

import unittest

from mogan_like.api import body
from mogan_like.compute.schemas import servers as schemas
from mogan_like.compute.views import servers
from mogan_like.instances import states

UUID = '8845d1ff-ff5f-447f-8bdb-eb68f6e808f4'
_ROW = {
    'uuid': UUID,
    'name': 'web',
    'description': None,
    'status': states.ACTIVE,
    'power_state': 'power on',
    'project_id': 'p',
    'user_id': 'u',
    'flavor_uuid': UUID,
    'image_uuid': UUID,
    'node_uuid': 'n',
    'key_name': None,
    'availability_zone': None,
    'metadata': '{}',
    'addresses': '{}',
    'fault': '{"code":500,"message":"m","created_at":"2026-01-01T00:00:00.000000"}',
    'lock_reason': None,
    'created_at': '2026-01-01T00:00:00.000001',
    'updated_at': '2026-01-02T00:00:00.000001',
    'launched_at': '2026-01-03T00:00:00.000001',
    'deleted_at': None,
}
#: {state: (progress, has a fault)}; None where Nova has none.
_SHOWN = {
    states.BUILDING: (0, False),
    states.ACTIVE: (100, False),
    states.LOCKED: (100, False),
    states.STOPPED: (None, False),
    states.REBUILDING: (0, False),
    states.POWERING_ON: (None, False),
    states.POWERING_OFF: (0, False),
    states.REBOOTING: (None, False),
    states.ERROR: (None, True),
    states.DELETING: (0, False),
    states.DELETED: (None, True),
}


def show(version=(2, 96), **values):
    """The view of an instance as a member sees it."""
    look = servers.Look('http://x', version, {}, False)
    return servers.show(_ROW | values, look)


class TestShow(unittest.TestCase):
    def test_progress_and_fault_are_of_some_states_only(self):
        self.assertEqual(_SHOWN.keys(), servers.statuses.OF_STATE.keys())
        for status, (progress, has_fault) in _SHOWN.items():
            with self.subTest(status):
                view = show(status=status)
                self.assertEqual(progress, view.get('progress'))
                self.assertIs(progress is not None, 'progress' in view)
                self.assertIs(has_fault, 'fault' in view)

    def test_times(self):
        gone = '2026-02-01T00:00:00.000001'
        view = show(status=states.DELETED, deleted_at=gone)
        self.assertEqual(
            (
                '2026-01-01T00:00:00Z',
                '2026-01-02T00:00:00Z',
                '2026-01-03T00:00:00.000001',
                gone,
            ),
            (
                view['created'],
                view['updated'],
                view['OS-SRV-USG:launched_at'],
                view['OS-SRV-USG:terminated_at'],
            ),
        )
        self.assertIsNone(show()['OS-SRV-USG:terminated_at'])


class TestRebuilt(unittest.TestCase):
    """The answer to a rebuild, at every version."""

    def test_its_keys_are_those_of_the_schema_at_every_version(self):
        schema = body.Schema(schemas.REBUILT)
        for minor in range(1, 97):
            for with_node in (False, True):
                look = servers.Look('http://x', (2, minor), {}, with_node)
                row = _ROW | {'metadata': '{"a":"b"}', 'status': states.REBUILDING}
                view = servers.show_changed(row, look, rebuilt=True)
                # JSON that is written as it is.
                view['metadata'] = {}
                problem = schema.find_problem({'server': view}, (2, minor))
                self.assertIsNone(problem, minor)
                self.assertIs(minor >= 54, 'key_name' in view, minor)
                self.assertIs(minor >= 57, 'user_data' in view, minor)
