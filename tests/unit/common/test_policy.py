"""When the files of policy are looked for."""

from pathlib import Path
from unittest import mock

import fixtures
from oslo_policy import opts as policy_opts
import testtools

from mogan_like import rules
from mogan_like.common import context
from mogan_like.common import policy
from mogan_like.common.config import CONF
from tests import config

RULE = 'instance:list'


class PolicyTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.path = Path(self.useFixture(fixtures.TempDir()).join('policy.yaml'))
        policy_opts.set_defaults(CONF)
        self.useFixture(config.Config(oslo_policy__policy_file=str(self.path)))
        self.ctx = context.RequestContext(project_id='p', roles=['reader'])
        self.now = 100.0
        clock = mock.Mock(monotonic=lambda: self.now)
        self.useFixture(fixtures.MonkeyPatch(f'{policy.__name__}.time', clock))

    def write(self, check):
        self.path.write_text(f'"{RULE}": "{check}"\n')

    def may(self):
        return policy.check(self.ctx, RULE)

    def test_a_change_counts_after_a_second(self):
        self.write('!')
        policy.setup(rules.list_rules())
        self.assertFalse(self.may())
        self.write('role:reader')
        self.now += 0.9
        self.assertFalse(self.may())
        self.now += 0.1
        self.assertTrue(self.may())

    def test_files_are_not_looked_for_at_each_check(self):
        policy.setup(rules.list_rules())
        with mock.patch.object(type(CONF), 'find_file', return_value=None) as find:
            self.assertTrue(self.may())
            find.assert_not_called()
            self.now += 1
            self.assertTrue(self.may())
        find.assert_called()
