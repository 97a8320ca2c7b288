"""Every bank that is registered is run through the tests of the contract."""

import testtools

from mogan_like.common import plugins
from mogan_like.protection.banks import base
from tests.unit.protection.banks import test_filesystem
from tests.unit.protection.banks import test_object_stores

TESTED = {
    'filesystem': test_filesystem.FilesystemBankTest,
    's3': test_object_stores.S3BankTest,
    'swift': test_object_stores.SwiftBankTest,
}


class ContractTest(testtools.TestCase):
    def test_none_is_left_out(self):
        ours = {
            name
            for name, made in plugins.load_all(base.NAMESPACE).items()
            if made.__module__.startswith('mogan_like.')
        }
        self.assertEqual(set(TESTED), ours)
