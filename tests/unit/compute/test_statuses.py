"""Every state of an instance has its name in Nova's words, and the other way."""

import unittest

from mogan_like.compute import statuses
from mogan_like.instances import states


class TestStatuses(unittest.TestCase):
    def test_every_state_is_shown(self):
        self.assertEqual(set(states.ALL), set(statuses.OF_STATE))

    def test_every_state_is_found_by_what_it_is_shown_as(self):
        for state, shown in statuses.OF_STATE.items():
            self.assertIn(state, statuses.STATES_OF[shown.status])
        found = [state for each in statuses.STATES_OF.values() for state in each]
        self.assertEqual(sorted(states.ALL), sorted(found))

    def test_power(self):
        for ours, number in {'power on': 1, 'power off': 4, None: 0, 'x': 0}.items():
            self.assertEqual(number, statuses.number_power_state(ours))
