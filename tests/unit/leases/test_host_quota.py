"""How many nodes a project has reserved at one time, and may have."""

import dataclasses

from mogan_like.common import exception
from mogan_like.db import quotas
from tests.unit.db import db_case
from tests.unit.leases import host_plugin_case


class QuotaTests(host_plugin_case.PluginMixin):
    options = {'quota__reserved_nodes': 2}

    def used(self):
        (row,) = self.rows(quotas.QUOTA_USAGES, resource='reserved_nodes')
        return row['used']

    def refuse(self, *args, **values):
        error = self.assertRaises(
            exception.QuotaExceeded, self.reserve, *args, **values
        )
        return str(error)

    def test_is_of_nodes_at_one_time(self):
        self.make_hosts(5)
        self.reserve(0, 2, max=2)
        self.assertEqual(2, self.used())
        self.reserve(2, 4)
        self.reserve(3, 5)
        self.assertEqual(2, self.used())
        self.assertEqual(
            'Quota exceeded for reserved_nodes: the limit is 2 and 2 are in use.',
            self.refuse(1, 2),
        )
        self.refuse(3.5, 3.7)
        self.refuse(10, 11, min=3, max=3)
        self.reserve(5, 6, max=2)

    def test_another_project_has_its_own(self):
        self.make_hosts(4)
        self.reserve(max=2)
        other = dataclasses.replace(self.make_reservation(max=2), project_id='q' * 32)
        self.plan(other)

    def test_a_change_counts_itself_once(self):
        self.make_hosts(5)
        reservation = self.reserve(0, 2, max=2)
        _, after = self.change(reservation, end_date=3)
        self.assertRaises(
            exception.QuotaExceeded, self.change, after, values={'min': 3, 'max': 3}
        )
        self.change(after, values={'max': 1})
        self.assertEqual(1, self.used())

    def test_a_lowered_limit_takes_nothing_away(self):
        self.make_hosts(2)
        reservation = self.reserve(0, 2, max=2)
        self.in_transaction(
            lambda conn: conn.execute(
                quotas.QUOTAS.insert(),
                {
                    'project_id': host_plugin_case.PROJECT,
                    'resource': 'reserved_nodes',
                    'hard_limit': 1,
                },
            )
        )
        _, after = self.change(reservation, end_date=1)
        self.assertRaises(exception.QuotaExceeded, self.change, after, end_date=2)
        self.refuse(3, 4, min=2, max=2)

    def test_what_is_released_is_counted_no_more(self):
        self.make_hosts(2)
        reservation = self.reserve(max=2)
        self.end(reservation)
        self.assertEqual(0, self.used())
        self.reserve(max=2)


db_case.on_each(globals(), QuotaTests)
