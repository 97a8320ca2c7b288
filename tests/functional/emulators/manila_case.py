"""Base of the tests of the emulated Manila."""

from manilaclient import exceptions
import testtools

from tests.emulators.manila import fixture
from tests.fixtures import wait_until


class ManilaCase(testtools.TestCase):
    """A Manila, and a member who calls it.

    :cvar project: of the member
    """

    project = 'demo'

    def setUp(self):
        super().setUp()
        self.manila = self.useFixture(fixture.Manila())
        self.switches = self.manila.switches
        self.member = self.manila.client(self.project)
        self.admin = self.manila.client('admin', roles=('admin',))

    def make_share(self, client=None, **values):
        """A share that is available; its id."""
        shares = (client or self.member).shares
        share = shares.create('NFS', values.pop('size', 1), **values).id
        self.manila.settle()
        self.assertEqual('available', shares.get(share).status)
        return share

    def make_snapshot(self, share, **values):
        """A snapshot that is available; its id."""
        snapshots = self.member.share_snapshots
        snapshot = snapshots.create(share, **values).id
        self.manila.settle()
        self.assertEqual('available', snapshots.get(snapshot).status)
        return snapshot

    def assert_refused(self, code, call, *args, **kwargs):
        """The call is refused with a code; what it said."""
        error = self.assertRaises(exceptions.HttpError, call, *args, **kwargs)
        self.assertEqual(code, error.http_status, error)
        return error.message

    def list_statuses(self, get, resource_id, end):
        """The statuses that are seen one after the other; gone when it is gone."""
        seen = []

        def look():
            try:
                seen.append(get(resource_id).status)
            except exceptions.NotFound:
                seen.append('gone')
            return seen[-1] == end

        wait_until(look, f'{end} after {seen}')
        return seen
