"""Every plugin that is registered is run through the tests of its contract."""

import testtools

from mogan_like.common import plugins
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins import noop
from mogan_like.protection.plugins import project
from mogan_like.protection.plugins import share
from tests.plugins import protection
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case


class ProjectContract(protection.ProtectableContract, testtools.TestCase):
    ctx = hooks.make_ctx()
    other_ctx = hooks.make_ctx(hooks.OTHER_PROJECT)

    def make_protectable(self):
        return project.ProjectPlugin()


class NoopProtectableContract(protection.ProtectableContract, testtools.TestCase):
    ctx = hooks.make_ctx()
    other_ctx = hooks.make_ctx(hooks.OTHER_PROJECT)

    def make_protectable(self):
        return noop.NoopProtectable()


class ShareContract(protection.ProtectableContract, shares_case.SharesCase):
    other_ctx = hooks.make_ctx(hooks.OTHER_PROJECT)

    def make_protectable(self):
        return share.SharePlugin()

    def add_resources(self):
        for project_id in (hooks.PROJECT, hooks.OTHER_PROJECT):
            self.make_share(project_id)


class NoopContract(protection.ProtectionContract, testtools.TestCase):
    """What it makes is nothing but what it records."""

    def setUp(self):
        self.kept = {}
        super().setUp()

    def make_protection(self):
        return noop.NoopProtection()

    def make_resource(self):
        (found,) = noop.NoopProtectable().list_resources(hooks.make_ctx())
        return found

    def carry_out(self, verb, *args, **kwargs):
        record = super().carry_out(verb, *args, **kwargs)
        self.kept.update(record.kept)
        return record

    def list_made(self):
        return ['protected'] if self.kept['protected'] else []

    def list_restored(self):
        return [self.kept['restore_name']]

    def get_protected_after_delete(self, protected):
        return {**protected, **self.kept}


class ManilaShareSnapshotContract(
    protection.ProtectionContract, shares_case.SharesCase
):
    parameters = shares_case.PARAMETERS

    def make_protection(self):
        return self.make_plugin()

    def make_resource(self):
        return base.Resource(share.TYPE, self.make_share(), 'data')

    def make_waiter(self):
        return hooks.Waiter(self.clock)

    def list_made(self):
        return sorted(self.state.snapshots)

    def list_restored(self):
        return sorted(self.state.shares)


PROTECTABLES = {
    'noop': NoopProtectableContract,
    'project': ProjectContract,
    'share': ShareContract,
}
PROTECTIONS = {
    'manila-share-snapshot': ManilaShareSnapshotContract,
    'noop': NoopContract,
}


class ContractTest(testtools.TestCase):
    def test_none_is_left_out(self):
        for namespace, tested in (
            (base.PROTECTABLES, PROTECTABLES),
            (base.PROTECTIONS, PROTECTIONS),
        ):
            ours = {
                name
                for name, made in plugins.load_all(namespace).items()
                if made.__module__.startswith('mogan_like.')
            }
            self.assertEqual(set(tested), ours)
