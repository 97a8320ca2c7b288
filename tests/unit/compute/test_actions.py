"""The audit as Nova's instance actions."""

import hashlib
import types
import unittest

from mogan_like.compute.views import actions

_TIME = '2026-01-01T00:00:00.000000'
_ACTION = types.SimpleNamespace(
    action='power_on',
    object_id='i',
    request_id='req-1',
    user_id='u',
    project_id='of-an-admin',
    owner_project_id='p',
    started_at=_TIME,
    updated_at=_TIME,
    message=None,
)


def show_event(version=(2, 96), internals=False, **values):
    """The view of the only event of an action."""
    event = {
        'event': 'lock',
        'started_at': _TIME,
        'finished_at': None,
        'result': None,
        'message': 'm',
        'traceback': 't',
        'host': 'a',
    }
    row = types.SimpleNamespace(**event | values)
    (view,) = actions.show(_ACTION, [row], version, internals)['events']
    return view


class TestShow(unittest.TestCase):
    def test_a_host_is_told_apart_but_not_told(self):
        found = [show_event(host=host)['hostId'] for host in ('a', 'a', 'b', None)]
        expected = [
            hashlib.sha224(b'pa').hexdigest(),
            hashlib.sha224(b'pb').hexdigest(),
        ]
        self.assertEqual([expected[0], expected[0], expected[1], ''], found)
        self.assertNotIn('host', show_event())
        shown = show_event(internals=True)
        self.assertEqual(('a', expected[0]), (shown['host'], shown['hostId']))

    def test_results_are_novas(self):
        for ours, novas in (
            (None, None),
            ('success', 'Success'),
            ('error', 'Error'),
            ('refused', 'Error'),
        ):
            self.assertEqual(novas, show_event(result=ours)['result'])

    def test_names_are_novas(self):
        self.assertEqual('start', actions.summarize(_ACTION, (2, 1))['action'])
        self.assertEqual('api_lock', show_event()['event'])
        self.assertEqual('build', show_event(event='build')['event'])

    def test_what_admins_see(self):
        shown = show_event(internals=True)
        self.assertEqual(('t', 'm'), (shown['traceback'], shown['details']))
        self.assertEqual(set(), {'traceback', 'details'} & set(show_event()))
