"""Every plugin for work before a lease's end keeps the contract."""

from mogan_like.common import exception
from mogan_like.common import plugins
from mogan_like.leases import before_end
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins import load
from tests.unit.db import db_case


class ContractTest(db_case.DatabaseCase):
    def setUp(self):
        super().setUp()
        self.works = load.load_before_end({})

    def test_all_that_are_registered_can_be_used(self):
        names = plugins.list_names(base.BEFORE_END_NAMESPACE)
        self.assertEqual(names, sorted(self.works))
        self.assertIn('plan', names)
        for name, work in self.works.items():
            self.assertIsInstance(work, base.BeforeEnd)
            self.assertIsInstance(work.needs_trust, bool)
            # Else nobody could ask for it.
            self.assertEqual((name, None), before_end.split(name))

    def test_what_is_no_argument_is_refused_by_the_name_of_the_value(self):
        for name, work in self.works.items():
            for argument in ('', 'x' * 5000, '\x00', '../..'):
                error = self.assertRaises(
                    exception.InvalidParameter,
                    self.in_transaction,
                    work.check,
                    'a project',
                    argument,
                )
                self.assertIn('before_end', str(error), name)
                self.assertLess(len(str(error)), 300)
