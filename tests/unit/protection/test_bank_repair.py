"""Banks that fail, that were half written, and that outlive the database."""

import datetime

from mogan_like.common import clock
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import quotas
from mogan_like.db import tables
from mogan_like.protection import bank_import
from mogan_like.protection import banking
from mogan_like.protection import models
from mogan_like.protection.manager import services
from tests.unit.db import db_case
from tests.unit.protection import protection_case
from tests.unit.protection.world import PROJECT
from tests.unit.protection.world import PROVIDER
from tests.unit.protection.world import SHARE

_HOUR = datetime.timedelta(hours=1)
_TABLES = (
    models.CHECKPOINTS,
    models.RESOURCES,
    models.RUNS,
    models.OPERATION_LOGS,
    claims.DUE_WORK,
    quotas.QUOTA_USAGES,
)


class BankRepairMixin(protection_case.ProtectionMixin):
    options = {**protection_case.ProtectionMixin.options, 'protection__max_attempts': 2}

    def setUp(self):
        super().setUp()
        self.engine = self.start_engine()

    def bank_status(self, uuid):
        return banking.read(self.bank, uuid)[0]['status']

    def test_it_is_not_available_before_the_bank_has_it(self):
        seen = []

        def look(_verb, _key):
            (row,) = self.rows(models.CHECKPOINTS)
            seen.append(row['status'])

        self.bank.at = look
        self.protected('s1')
        self.assertEqual({'protecting'}, set(seen))

    @db_case.logic
    def test_a_bank_that_fails_once(self):
        for part in ('metadata', 'index.json', 'by-plan'):
            self.bank.failures['put', part] = 1
            uuid = self.protected('s1')
            self.assertEqual('available', self.bank_status(uuid))
        self.assertEqual(3, len(self.world.made))

    @db_case.logic
    def test_a_bank_that_goes_on_failing(self):
        self.bank.failures['put', 'index.json'] = 3
        uuid = self.protect()
        self.wait_for(uuid, 'error')
        self.assertIn('it is told to', self.checkpoint(uuid)['fault'])
        # The next one went through: the record is there, and the snapshot is known.
        self.assertEqual('error', self.bank_status(uuid))
        self.delete(uuid)
        self.wait_for(uuid, 'deleted')
        self.assertEqual({}, self.world.snapshots)

    @db_case.logic
    def test_a_delete_whose_bank_fails(self):
        uuid = self.protected('s1')
        self.bank.failures['delete', 'by-date'] = 2
        self.delete(uuid)
        self.wait_for(uuid, 'error-deleting')
        self.delete(uuid)
        self.wait_for(uuid, 'deleted')
        self.assertEqual('deleted', self.bank_status(uuid))

    @db_case.logic
    def test_the_bank_follows_an_admins_word(self):
        uuid = self.protected('s1')
        for status in ('error', 'available'):
            self.checkpoints.reset_status(self.ctx(), PROVIDER, uuid, status)
            self.wait_for(uuid, status)
            self.assertEqual(status, self.bank_status(uuid))
            self.assertEqual(1, self.checkpoint(uuid)['banked'])

    @db_case.logic
    def test_a_provider_that_is_gone(self):
        uuid, other = self.protected('s1'), self.protected('s2')
        del self.providers[PROVIDER]
        self.delete(uuid)
        self.wait_until(uuid, 'error-deleting')
        self.assertIn(f'no plugin for resources of type {SHARE}', self.fault(uuid))
        # Another provider has the plugin.
        self.providers['other'] = self.provider
        for each in (uuid, other):
            self.delete(each)
            self.wait_until(each, 'deleted')
        self.assertEqual({}, self.world.snapshots)

    def delete_without_provider(self):
        """A checkpoint that is deleted, and that its bank still has."""
        uuid = self.protected('s1')
        self.providers['other'] = self.providers.pop(PROVIDER)
        self.delete(uuid)
        self.wait_until(uuid, 'deleted')
        self.wait_until_told(uuid)
        self.assertEqual('available', self.bank_status(uuid))
        return uuid

    def wait_until_told(self, uuid):
        self.wait(
            lambda: self.due(uuid) and self.due(uuid)['error'], 'why the bank has it'
        )

    def purge(self):
        soon = clock.utcnow() + datetime.timedelta(seconds=1)
        return self.in_transaction(tables.purge_checkpoints, soon, 10)

    @db_case.logic
    def test_what_a_removed_provider_left_in_its_bank(self):
        uuid = self.delete_without_provider()
        self.assertIn('could not be found', self.due(uuid)['error'])
        self.assertEqual(0, self.purge())
        # Its row is there still: nothing brings it back.
        self.assertEqual((0, 1, 0, 0), self.imported())
        used = self.in_transaction(quotas.get_usages, PROJECT, 'u1')
        self.assertEqual(0, used['checkpoints'])
        self.providers[PROVIDER] = self.providers.pop('other')
        self.make_due(uuid)
        self.wait_for(uuid, 'deleted')
        self.assertEqual('deleted', self.bank_status(uuid))
        self.assertEqual(('delete', 'success'), self.logs(uuid)[-1])
        self.assertEqual(1, self.purge())
        self.assertEqual((0, 0, 1, 0), self.imported())

    def assert_waits(self, uuid):
        """For the provider, and for as good as nothing else."""
        waits = f'provider:{PROVIDER}'
        self.wait(lambda: self.due(uuid)['waits_on'] == waits, 'it to wait')
        self.assertGreater(self.due(uuid)['until'] - clock.utcnow(), 12 * _HOUR)
        self.assertIn('could not be found', self.due(uuid)['error'])

    def start_with_provider(self):
        """As a conductor does that has the provider."""
        self.providers[PROVIDER] = self.provider
        services.Heartbeat(lambda _paused: None, self.providers.values()).beat()
        self.nudges.nudge()

    @db_case.logic
    def test_what_a_removed_provider_is_to_clear_waits_for_it(self):
        uuid = self.delete_without_provider()
        self.assert_waits(uuid)
        # Whoever tries has no more luck, and waits again.
        self.make_due(uuid)
        self.wait(lambda: self.due(uuid)['generation'] > 4, 'another try')
        self.assert_waits(uuid)
        self.start_with_provider()
        self.wait_for(uuid, 'deleted')
        self.assertEqual('deleted', self.bank_status(uuid))

    def make_unbanked(self):
        """A checkpoint that its bank does not know to have failed."""
        uuid = self.protected('s1')
        self.set(models.CHECKPOINTS, {'uuid': uuid}, status='error', banked=0)
        return uuid

    def repair(self, uuid, attempts=0):
        later = clock.utcnow() + _HOUR
        self.in_transaction(claims.add, 'checkpoint', uuid, later)
        self.set(claims.DUE_WORK, {'object_id': uuid}, attempts=attempts)
        self.make_due(uuid)

    @db_case.logic
    def test_what_a_removed_provider_is_to_repair_waits_for_it(self):
        uuid = self.make_unbanked()
        del self.providers[PROVIDER]
        self.repair(uuid)
        self.assert_waits(uuid)
        self.start_with_provider()
        self.wait(lambda: not self.due(uuid), 'the repair')
        self.assertEqual('error', self.bank_status(uuid))

    @db_case.logic
    def test_a_bank_that_cannot_be_repaired_is_tried_less_and_less(self):
        uuid = self.make_unbanked()
        self.bank.failures['put', 'index.json'] = 1
        self.repair(uuid, attempts=100)
        self.wait_until_told(uuid)
        pause = self.due(uuid)['until'] - clock.utcnow()
        self.assertTrue(_HOUR / 3 < pause < _HOUR, pause)

    @db_case.logic
    def test_a_bank_that_fails_when_its_provider_is_back(self):
        uuid = self.delete_without_provider()
        self.providers[PROVIDER] = self.providers.pop('other')
        # More often than a delete that somebody waits for is tried.
        self.bank.failures['delete', 'by-date'] = 3
        for _ in range(3):
            self.set(claims.DUE_WORK, {'object_id': uuid}, error=None)
            self.make_due(uuid)
            self.wait_until_told(uuid)
        self.assertEqual('available', self.bank_status(uuid))
        self.set(claims.DUE_WORK, {'object_id': uuid}, attempts=100, error=None)
        self.bank.failures['delete', 'by-date'] = 1
        self.make_due(uuid)
        self.wait_until_told(uuid)
        pause = self.due(uuid)['until'] - clock.utcnow()
        self.assertTrue(_HOUR / 3 < pause < _HOUR, pause)
        self.make_due(uuid)
        self.wait_for(uuid, 'deleted')
        self.assertEqual('deleted', self.bank_status(uuid))

    def make_due(self, uuid):
        now = clock.utcnow()
        self.set(claims.DUE_WORK, {'object_id': uuid}, due_at=now, until=now)
        self.nudges.nudge()

    def wait_until(self, uuid, status):
        """Of one whose bank cannot be told, which goes on being tried."""
        self.wait(lambda: self.checkpoint(uuid)['status'] == status, status)

    def fault(self, uuid):
        return self.checkpoint(uuid)['fault']

    @db_case.logic
    def test_a_provider_that_goes_while_it_protects(self):
        self.lose(self.engine)
        uuid = self.protect()
        self.providers.clear()
        self.start_engine()
        self.wait_until(uuid, 'error')
        self.assertIn('could not be found', self.fault(uuid))

    def lose_database(self):
        self.in_transaction(
            lambda conn: [conn.execute(table.delete()) for table in _TABLES]
        )

    def imported(self):
        count = bank_import.import_all(self.provider)
        return count.imported, count.known, count.deleted, count.unreadable

    def test_import(self):
        kept, gone, broken = (self.protected(name) for name in ('s1', 's2', 's3'))
        self.delete(gone)
        self.wait_for(gone, 'deleted')
        before = self.checkpoint(kept), self.resources(kept)['s1']
        self.lose_database()
        del self.bank.documents[f'checkpoints/{broken}/resource-data/s3/metadata']
        self.assertEqual((1, 0, 1, 1), self.imported())
        self.nudges.nudge()
        self.wait_for(kept, 'available')
        after = self.checkpoint(kept), self.resources(kept)['s1']
        for old, new in zip(before, after, strict=True):
            changing = {'id', 'updated_at'}
            for name in set(old) - changing:
                self.assertEqual(old[name], new[name], name)
        used = self.in_transaction(quotas.get_usages, PROJECT, 'u1')
        self.assertEqual(1, used['checkpoints'])
        self.wait_for_run(self.restore(kept))
        self.assertEqual((0, 1, 1, 1), self.imported())
        self.delete(kept)
        self.wait_for(kept, 'deleted')
        self.assertEqual({'s3'}, self.list_copied())

    def list_copied(self):
        return {share for _, share in self.world.snapshots.values()}

    def test_import_of_what_was_under_way(self):
        uuid = self.protected('s1')
        for status, becomes in (
            ('protecting', 'error'),
            ('deleting', 'error-deleting'),
            ('error', 'error'),
        ):
            self.bank.documents[f'checkpoints/{uuid}/index.json']['status'] = status
            self.lose_database()
            self.assertEqual((1, 0, 0, 0), self.imported())
            self.nudges.nudge()
            self.wait_for(uuid, becomes)
            self.assertEqual(becomes, self.bank_status(uuid))

    @db_case.logic
    def test_import_beyond_the_limit(self):
        for name in ('s1', 's2'):
            self.protected(name)
        self.lose_database()
        CONF.set_override('checkpoints', 1, group='quota')
        self.assertEqual((2, 0, 0, 0), self.imported())

    @db_case.logic
    def test_import_of_nonsense(self):
        uuid = self.protected('s1')
        index = self.bank.documents[f'checkpoints/{uuid}/index.json']
        self.lose_database()
        for name, value in (
            ('status', 'fine'),
            ('provider_id', 'other'),
            ('protection_plan', {'id': 'x'}),
            ('created', 'yesterday'),
            ('resource_graph', 7),
        ):
            good, index[name] = index[name], value
            self.assertEqual((0, 0, 0, 1), self.imported())
            index[name] = good
        self.assertEqual([], self.rows(models.CHECKPOINTS))


db_case.on_each(globals(), BankRepairMixin)
