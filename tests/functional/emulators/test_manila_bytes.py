"""What is in a share comes back from its snapshots."""

import os

from tests.functional.emulators import manila_case


class BytesTest(manila_case.ManilaCase):
    def setUp(self):
        super().setUp()
        self.share = self.make_share(share_type='revertible')
        self.directory = self.manila.find_directory(self.share)
        (self.directory / 'folder').mkdir()
        (self.directory / 'folder' / 'file').write_bytes(b'before')
        (self.directory / 'link').symlink_to('folder/file')

    def _change(self):
        (self.directory / 'folder' / 'file').write_bytes(b'after')
        (self.directory / 'new').write_bytes(b'after')
        (self.directory / 'link').unlink()

    def _assert_as_before(self, directory):
        self.assertEqual({'folder', 'link'}, set(os.listdir(directory)))
        self.assertEqual(b'before', (directory / 'folder' / 'file').read_bytes())
        self.assertEqual('folder/file', os.readlink(directory / 'link'))

    def test_location_is_the_directory(self):
        (location,) = self.member.share_export_locations.list(self.share)
        self.assertEqual(str(self.directory), location.path)

    def test_new_share_has_what_was_there_when_the_snapshot_was_asked_for(self):
        snapshot = self.member.share_snapshots.create(self.share).id
        self._change()
        self.manila.settle()
        copy = self.make_share(snapshot_id=snapshot)
        self._assert_as_before(self.manila.find_directory(copy))
        self.assertEqual(b'after', (self.directory / 'new').read_bytes())

    def test_revert_is_in_place(self):
        snapshot = self.make_snapshot(self.share)
        self._change()
        there = os.stat(self.directory).st_ino
        self.member.shares.revert_to_snapshot(self.share, snapshot)
        self.assertTrue((self.directory / 'new').exists())
        self.manila.settle()
        self._assert_as_before(self.directory)
        self.assertEqual(there, os.stat(self.directory).st_ino)

    def test_share_of_a_deleted_snapshot_keeps_its_bytes(self):
        snapshot = self.make_snapshot(self.share)
        copy = self.make_share(snapshot_id=snapshot)
        self.member.share_snapshots.delete(snapshot)
        self.manila.settle()
        self._assert_as_before(self.manila.find_directory(copy))

    def test_bytes_go_with_their_share_and_snapshot(self):
        snapshot = self.make_snapshot(self.share)
        kept = self.manila.state.files.root / 'snapshots' / snapshot
        self.assertTrue(kept.exists())
        self.member.share_snapshots.delete(snapshot)
        self.assertTrue(kept.exists())
        self.manila.settle()
        self.assertFalse(kept.exists())
        self.member.shares.delete(self.share)
        self.manila.settle()
        self.assertFalse(self.directory.exists())

    def test_snapshot_whose_bytes_are_gone_makes_a_share_in_error(self):
        snapshot = self.make_snapshot(self.share)
        self.manila.state.files.remove(self.manila.state.snapshots[snapshot].path)
        copy = self.member.shares.create('NFS', 1, snapshot_id=snapshot).id
        self.manila.settle()
        self.assertEqual('error', self.member.shares.get(copy).status)
