"""Which statuses come one after the other, how long they last, and how they end."""

from manilaclient import api_versions

from tests.functional.emulators import manila_case


class SequencesTest(manila_case.ManilaCase):
    def test_share(self):
        share = self.member.shares.create('NFS', 1).id
        seen = self.list_statuses(self.member.shares.get, share, 'available')
        self.assertEqual(['creating', 'available'], seen)
        self.member.shares.delete(share)
        seen = self.list_statuses(self.member.shares.get, share, 'gone')
        self.assertEqual(['deleting', 'gone'], seen)

    def test_share_from_a_snapshot(self):
        snapshot = self.make_snapshot(self.make_share())
        share = self.member.shares.create('NFS', 1, snapshot_id=snapshot)
        self.assertEqual('creating', share._info['status'])
        seen = self.list_statuses(self.member.shares.get, share.id, 'available')
        self.assertEqual(['creating', 'creating_from_snapshot', 'available'], seen)

    def test_share_from_a_snapshot_before_2_54(self):
        snapshot = self.make_snapshot(self.make_share())
        old = self.manila.client(api_version=api_versions.APIVersion('2.53')).shares
        share = old.create('NFS', 1, snapshot_id=snapshot).id
        seen = self.list_statuses(old.get, share, 'available')
        self.assertEqual(['creating', 'creating', 'available'], seen)

    def test_snapshot(self):
        snapshots = self.member.share_snapshots
        snapshot = snapshots.create(self.make_share()).id
        seen = self.list_statuses(snapshots.get, snapshot, 'available')
        self.assertEqual(['creating', 'available'], seen)
        snapshots.delete(snapshot)
        seen = self.list_statuses(snapshots.get, snapshot, 'gone')
        self.assertEqual(['deleting', 'gone'], seen)

    def test_revert(self):
        share = self.make_share(share_type='revertible')
        snapshot = self.make_snapshot(share)
        self.member.shares.revert_to_snapshot(share, snapshot)
        get = self.member.share_snapshots.get
        seen = self.list_statuses(get, snapshot, 'available')
        self.assertEqual(['restoring', 'available'], seen)
        self.member.shares.revert_to_snapshot(share, snapshot)
        seen = self.list_statuses(self.member.shares.get, share, 'available')
        self.assertEqual(['reverting', 'available'], seen)

    def test_rule(self):
        share = self.make_share()
        rule = self.member.shares.allow(share, 'ip', '10.0.0.1', 'rw')['id']
        states = [self.member.share_access_rules.get(rule).state for _ in range(3)]
        self.assertEqual(['queued_to_apply', 'applying', 'active'], states)
        self.member.shares.deny(share, rule)
        states = [self.member.share_access_rules.get(rule).state for _ in range(2)]
        self.assertEqual(['queued_to_deny', 'denying'], states)
        self.assert_refused(404, self.member.share_access_rules.get, rule)

    def test_looks_at_a_share_let_its_rules_go_on(self):
        share = self.make_share()
        self.member.shares.allow(share, 'ip', '10.0.0.1', 'rw')
        statuses = [self.member.shares.get(share).access_rules_status for _ in range(3)]
        self.assertEqual(['syncing', 'syncing', 'active'], statuses)

    def test_lists_count_as_looks(self):
        share = self.member.shares.create('NFS', 1).id
        (listed,) = self.member.shares.list()
        self.assertEqual('creating', listed.status)
        self.assertEqual('available', self.member.shares.get(share).status)


class StaysTest(manila_case.ManilaCase):
    def _see(self):
        share = self.member.shares.create('NFS', 1).id
        return self.list_statuses(self.member.shares.get, share, 'available')

    def test_so_many_looks(self):
        for looks in (0, 3):
            self.switches.stay('share.creating', shown=looks)
            self.assertEqual(['creating'] * looks + ['available'], self._see())

    def test_so_many_seconds(self):
        self.switches.stay('*', seconds=0.2)
        seen = self._see()
        self.assertEqual({'creating', 'available'}, set(seen))
        # As far as looks go it would have been over at once.
        self.assertGreater(len(seen), 2)

    def test_for_ever(self):
        self.switches.stay('share.creating')
        share = self.member.shares.create('NFS', 1).id
        for _ in range(5):
            self.manila.settle()
            self.assertEqual('creating', self.member.shares.get(share).status)
        self.switches.stay('share.creating', shown=1)
        self.assertEqual('available', self.member.shares.get(share).status)

    def test_cleared(self):
        self.switches.stay('*')
        self.switches.clear()
        self.assertEqual(['creating', 'available'], self._see())

    def test_any_status_can_be_set_and_stays(self):
        share = self.member.shares.create('NFS', 1).id
        for status in ('migrating', 'shrinking_error', 'awaiting_transfer'):
            self.manila.set_status('share', share, status)
            self.manila.settle()
            self.assertEqual(status, self.member.shares.get(share).status)


class OutcomesTest(manila_case.ManilaCase):
    def _end(self, get, resource_id):
        self.manila.settle()
        try:
            return get(resource_id).status
        except manila_case.exceptions.NotFound:
            return 'gone'

    def test_snapshot(self):
        share = self.make_share()
        snapshots = self.member.share_snapshots
        for outcome, end in (
            ('error', 'error'),
            ('vanish', 'gone'),
            ('stuck', 'creating'),
        ):
            self.switches.outcome('snapshot.create', outcome)
            snapshot = snapshots.create(share).id
            self.assertEqual(end, self._end(snapshots.get, snapshot))
        self.make_snapshot(share)

    def test_share(self):
        for outcome, end in (
            ('error', 'error'),
            ('vanish', 'gone'),
            ('stuck', 'creating'),
        ):
            self.switches.outcome('share.create', outcome)
            share = self.member.shares.create('NFS', 1).id
            self.assertEqual(end, self._end(self.member.shares.get, share))

    def test_revert(self):
        share = self.make_share(share_type='revertible')
        snapshot = self.make_snapshot(share)
        self.switches.outcome('share.revert', 'error')
        self.member.shares.revert_to_snapshot(share, snapshot)
        end = self._end(self.member.shares.get, share)
        self.assertEqual('reverting_error', end)
        end = self._end(self.member.share_snapshots.get, snapshot)
        self.assertEqual('available', end)

    def test_delete(self):
        share = self.make_share()
        snapshot = self.make_snapshot(share)
        self.switches.outcome('*.delete', 'error', times=2)
        for manager, resource in (
            (self.member.share_snapshots, snapshot),
            (self.member.shares, self.make_share()),
        ):
            manager.delete(resource)
            self.assertEqual('error_deleting', self._end(manager.get, resource))
        refused = self.assert_refused(400, self.member.share_snapshots.delete, snapshot)
        self.assertIn("('available', 'error')", refused)
        self.admin.share_snapshots.force_delete(snapshot)
        end = self._end(self.member.share_snapshots.get, snapshot)
        self.assertEqual('gone', end)

    def test_rules(self):
        share = self.make_share()
        self.switches.outcome('rule.allow', 'error')
        rule = self.member.shares.allow(share, 'ip', '10.0.0.1', 'rw')['id']
        self.manila.settle()
        self.assertEqual('error', self.member.share_access_rules.get(rule).state)
        found = self.member.shares.get(share)
        self.assertEqual('error', found.access_rules_status)

    def test_so_many_times(self):
        share = self.make_share()
        snapshots = self.member.share_snapshots
        self.switches.outcome('snapshot.create', 'error', times=2)
        made = [snapshots.create(share).id for _ in range(3)]
        ends = [self._end(snapshots.get, each) for each in made]
        self.assertEqual(['error', 'error', 'available'], ends)

    def test_unknown(self):
        self.assertRaises(ValueError, self.switches.outcome, 'share.create', 'frob')


class DeferredDeletionTest(manila_case.ManilaCase):
    def setUp(self):
        super().setUp()
        self.share = self.make_share()
        self.snapshot = self.make_snapshot(self.share)
        self.switches.deferred_deletion = True
        self.switches.stay('snapshot.deferred_deleting')

    def test_member_does_not_see_it_any_more(self):
        snapshots = self.member.share_snapshots
        snapshots.delete(self.snapshot)
        self.assert_refused(404, snapshots.get, self.snapshot)
        self.assertEqual([], snapshots.list())
        found = self.admin.share_snapshots.get(self.snapshot)
        self.assertEqual('deferred_deleting', found.status)

    def test_quota_is_free_and_the_share_is_not(self):
        self.member.share_snapshots.delete(self.snapshot)
        use = self.member.quotas.get('demo', detail=True).snapshots
        self.assertEqual(0, use['in_use'])
        refused = self.assert_refused(403, self.member.shares.delete, self.share)
        self.assertIn('1 dependent snapshots', refused)

    def test_error(self):
        self.switches.stay('snapshot.deferred_deleting', shown=1)
        self.switches.outcome('snapshot.delete', 'error')
        self.member.share_snapshots.delete(self.snapshot)
        get = self.admin.share_snapshots.get
        end = 'error_deferred_deleting'
        seen = self.list_statuses(get, self.snapshot, end)
        self.assertEqual(['deferred_deleting', end], seen)
        self.assert_refused(404, self.member.share_snapshots.get, self.snapshot)

    def test_force_is_at_once(self):
        self.admin.share_snapshots.force_delete(self.snapshot)
        get = self.member.share_snapshots.get
        seen = self.list_statuses(get, self.snapshot, 'gone')
        self.assertEqual(['deleting', 'gone'], seen)
