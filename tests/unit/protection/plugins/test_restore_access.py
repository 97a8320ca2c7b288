"""Access rules that are put back, whatever becomes of single ones."""

from mogan_like.common import exception
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case

RULES = [
    {'access_type': 'ip', 'access_to': f'10.0.0.{number}', 'access_level': 'ro'}
    for number in (1, 2, 3)
]


class AccessTest(shares_case.SharesCase):
    def setUp(self):
        super().setUp()
        self.share_id = self.make_share()
        made = self.protect(self.share_id).data
        self.protected = hooks.Record({**made, 'access_rules': RULES})
        self.record = hooks.Record()

    def restore_access(self):
        self.restore(
            self.share_id, self.protected, {'restore_access': True}, record=self.record
        )

    def list_active(self):
        share = self.state.shares[self.record.data['restored_id']]
        rules = self.state.list_rules_of(share)
        return [rule.access_to for rule in rules if rule.status == 'active']

    def test_one_that_is_made_after_we_looked(self):
        self.switches.fault('shares.allow', 'close', times=1, late='rules.list')
        self.restore_access()
        expected = [rule['access_to'] for rule in RULES]
        self.assertEqual(expected, self.list_active())

    def test_one_that_is_refused_keeps_off_no_others(self):
        self.switches.refuse('shares.allow', 403, times=1)
        error = self.assertRaises(exception.ShareServiceRefused, self.restore_access)
        self.assertIn('Manila refused to allow access', str(error))
        self.assertIn('could not apply the access rule ip 10.0.0.1.', str(error))
        self.assertEqual(['10.0.0.2', '10.0.0.3'], self.list_active())

    def test_all_that_failed_are_named(self):
        self.switches.refuse('shares.allow', 403, times=1)
        self.switches.outcome('rule.allow', 'error')
        error = self.assertRaises(exception.ShareServiceRefused, self.restore_access)
        self.assertIn('the access rule ip 10.0.0.1, ip 10.0.0.2.', str(error))
        self.assertEqual(['10.0.0.3'], self.list_active())
