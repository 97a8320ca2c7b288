"""What Manila refuses by itself: quotas, what is gone, whom it does not know."""

import threading

from manilaclient import exceptions

from tests.emulators.manila import fixture
from tests.emulators.manila import identity
from tests.functional.emulators import manila_case


class GoneTest(manila_case.ManilaCase):
    def setUp(self):
        super().setUp()
        self.share = self.make_share()
        self.snapshot = self.make_snapshot(self.share)

    def test_share_between_list_and_snapshot(self):
        (listed,) = self.member.shares.list()
        self.manila.forget('share', listed.id)
        create = self.member.share_snapshots.create
        refused = self.assert_refused(404, create, listed.id)
        self.assertEqual('NotFound: Resource could not be found.', refused)

    def test_type(self):
        share_type = self.member.shares.get(self.share).share_type
        self.manila.forget('type', share_type)
        create = self.member.shares.create
        values = {'snapshot_id': self.snapshot, 'share_type': share_type}
        refused = self.assert_refused(404, create, 'NFS', 1, **values)
        self.assertEqual('Share type not found.', refused)

    def test_network(self):
        network = self.member.share_networks.create(name='net').id
        share = self.make_share(share_network=network)
        snapshot = self.make_snapshot(share)
        self.assert_refused(409, self.member.share_networks.delete, network)
        self.manila.forget('network', network)
        values = {'snapshot_id': snapshot, 'share_network': network}
        create = self.member.shares.create
        refused = self.assert_refused(404, create, 'NFS', 1, **values)
        self.assertEqual(f'Share network {network} could not be found.', refused)

    def test_snapshot(self):
        self.manila.forget('snapshot', self.snapshot)
        self.assert_refused(404, self.member.share_snapshots.delete, self.snapshot)
        create = self.member.shares.create
        self.assert_refused(404, create, 'NFS', 1, snapshot_id=self.snapshot)


class QuotasTest(manila_case.ManilaCase):
    def test_snapshots(self):
        share = self.make_share()
        self.admin.quotas.update('demo', snapshots=1)
        self.make_snapshot(share)
        create = self.member.share_snapshots.create
        refused = self.assert_refused(413, create, share)
        self.assertIn('SnapshotLimitExceeded', refused)
        self.admin.quotas.update('demo', snapshots=2)
        self.make_snapshot(share)

    def test_of_a_user_and_of_a_type(self):
        other = self.manila.client('demo', 'somebody')
        self.admin.quotas.update('demo', user_id='demo', shares=1)
        self.admin.quotas.update('demo', share_type='revertible', shares=0)
        self.make_share()
        self.assert_refused(413, self.member.shares.create, 'NFS', 1)
        self.make_share(other)
        values = {'share_type': 'revertible'}
        self.assert_refused(413, other.shares.create, 'NFS', 1, **values)

    def test_other_projects_have_their_own(self):
        self.admin.quotas.update('demo', shares=0)
        self.assert_refused(413, self.member.shares.create, 'NFS', 1)
        self.make_share(self.manila.client('alt'))


class TokensTest(manila_case.ManilaCase):
    def test_who_is_spelled_in_the_token(self):
        client = self.manila.client('blue', 'ann', ('reader',))
        self.assertEqual([], client.shares.list())
        self.assert_refused(403, client.shares.create, 'NFS', 1)
        share = self.make_share(self.manila.client('blue', 'bob'))
        found = client.shares.get(share)
        self.assertEqual(('blue', 'bob'), (found.project_id, found.user_id))

    def test_a_token_is_read_as_manilas_own_noauth_reads_it(self):
        for token, user, project in (
            ('ann:blue', 'ann', 'blue'),
            ('ann', 'ann', 'ann'),
            ('ann:', 'ann', 'ann'),
        ):
            found = identity.read_spelled({'HTTP_X_AUTH_TOKEN': token})
            self.assertEqual((user, project), (found.user_id, found.project_id))
            self.assertTrue(found.is_admin)
        self.assertIsNone(identity.read_spelled({}))

    def test_table(self):
        table = identity.Table({})
        manila = self.useFixture(fixture.Manila(table))
        client = manila.client('demo')
        self.assertRaises(exceptions.Unauthorized, client.shares.list)
        table.identities[identity.spell('demo')] = identity.Identity('p', 'u')
        self.assertEqual('p', client.shares.create('NFS', 1).project_id)
        table.identities.clear()
        self.assertRaises(exceptions.Unauthorized, client.shares.list)

    def test_projects_do_not_see_each_other(self):
        share = self.make_share()
        other = self.manila.client('alt')
        self.assert_refused(404, other.shares.get, share)
        self.assertEqual([], other.shares.list(search_opts={'all_tenants': 1}))
        everybodys = self.admin.shares.list(search_opts={'all_tenants': 1})
        self.assertEqual([share], [each.id for each in everybodys])


class CrowdTest(manila_case.ManilaCase):
    def test_many_at_once(self):
        share = self.make_share()

        def make():
            # One each: its files for completion are not for several threads.
            self.manila.client().share_snapshots.create(share)

        threads = [threading.Thread(target=make) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = self.member.share_snapshots.list()
        self.assertEqual(16, len({each.id for each in found}))

    def test_pages_of_many(self):
        with self.manila.state.lock:
            for _ in range(25):
                self.member_share()
        found, offset = [], 0
        while True:
            options = {'limit': 10, 'offset': offset, 'sort_key': 'created_at'}
            page = self.member.shares.list(search_opts=options, sort_dir='asc')
            found += [each.id for each in page]
            offset += len(page)
            if len(page) < 10:
                break
        self.assertEqual(list(self.manila.state.shares), found)

    def member_share(self):
        """A share of the member, without asking for it."""
        models = manila_case.fixture.state.models
        share_type = next(iter(self.manila.state.types.values()))
        made = models.Share('demo', 'demo', 1, 'NFS', share_type, {})
        self.manila.state.add(self.manila.state.shares, made)
