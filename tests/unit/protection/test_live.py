"""What changes while an operation runs, and what managers tell of plugins."""

import datetime
import threading

import fixtures

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common import workers
from mogan_like.common.config import CONF
from mogan_like.conductor import due
from mogan_like.db import claims
from mogan_like.protection import models
from mogan_like.protection.manager import protectables
from mogan_like.protection.manager import services
from mogan_like.protection.queries import services as service_queries
from mogan_like.protection.store import services as store
from tests.unit.db import db_case
from tests.unit.protection import protection_case
from tests.unit.protection.world import FOLDER
from tests.unit.protection.world import OTHER_PROJECT
from tests.unit.protection.world import PROJECT
from tests.unit.protection.world import SHARE


class LiveMixin(protection_case.ProtectionMixin):
    def setUp(self):
        super().setUp()
        self.engine = self.start_engine()
        self.reached = threading.Event()
        self.go_on = threading.Event()
        self.addCleanup(self.go_on.set)

    def hold(self, _step):
        self.reached.set()
        self.go_on.wait(60)

    def test_delete_while_it_protects(self):
        for hook in ('on_prepare_begin', 'on_main', 'made', 'saved', 'on_complete'):
            self.reached.clear()
            self.go_on.clear()
            self.world.at = {('protect', hook, 's1'): self.hold}
            uuid = self.protect(self.create_plan('s1', 's2'))
            self.assertTrue(self.reached.wait(60))
            self.delete(uuid)
            # Two are never at one checkpoint at once.
            self.assertEqual([], self.world.called('delete', 'on_prepare_begin'))
            self.go_on.set()
            self.wait_for(uuid, 'deleted')
            self.assertEqual({}, self.world.snapshots)
            self.world.calls.clear()

    def test_what_was_made_is_known_though_it_was_replaced(self):
        self.world.at['protect', 'made', 's1'] = self.hold
        self.world.at['delete', 'on_prepare_begin', None] = self.look
        uuid = self.protect()
        self.assertTrue(self.reached.wait(60))
        self.delete(uuid)
        self.go_on.set()
        self.wait_for(uuid, 'deleted')
        self.assertEqual([{'snapshot': self.world.made[0]}], self.seen)

    def look(self, step):
        self.seen = [dict(step.protected)]

    def test_a_wait_ends_when_it_is_deleted(self):
        def wait(step):
            self.reached.set()
            step.waiter.wait(600)

        self.world.at['protect', 'on_main', 's1'] = wait
        uuid = self.protect()
        self.assertTrue(self.reached.wait(60))
        self.delete(uuid)
        self.wait_for(uuid, 'deleted')

    @db_case.logic
    def test_a_host_that_is_disabled_takes_no_work(self):
        beat = services.Heartbeat(self.engine.set_paused).beat
        manager = services.ServicesManager()
        beat()
        (row,) = self.rows(models.SERVICES)
        shown = manager.set_status(self.ctx(), row['id'], 'disabled', 'repairs')
        self.assertEqual('repairs', shown['disabled_reason'])
        beat()
        uuid = self.protect()
        manager.set_status(self.ctx(), row['id'], 'enabled')
        self.assertEqual([], self.world.calls)
        beat()
        self.wait_for(uuid, 'available')
        beat()
        (row,) = self.in_transaction(service_queries.list_all)
        self.assertEqual((False, None), (row.disabled, row.disabled_reason))
        error = exception.ServiceNotFound
        self.assertRaises(error, manager.set_status, self.ctx(), 0, 'enabled')

    @db_case.logic
    def test_one_that_is_paused_claims_nothing(self):
        self.lose(self.engine)
        uuid = self.protect()
        past = clock.utcnow() - datetime.timedelta(minutes=1)
        self.set(claims.DUE_WORK, {'object_id': uuid}, until=past)
        # Never started, so that it looks when it is told to alone.
        engine = due.DueWork(
            workers.Pool('job', 1), {'checkpoint': lambda _claim: None}, None
        )
        engine.set_paused(True)
        engine._claim()
        self.assertIsNone(self.due(uuid)['owner'])
        engine.set_paused(False)
        engine._claim()
        self.assertIsNotNone(self.due(uuid)['owner'])

    def warn(self):
        """What a conductor says at its start."""
        log = self.useFixture(fixtures.FakeLogger())
        beat = services.Heartbeat(lambda _paused: None, [self.provider]).beat
        beat()
        beat()
        return log.output.count('on this host alone')

    @db_case.logic
    def test_a_bank_of_one_host_among_several(self):
        self.bank.is_shared = False
        self.assertEqual(0, self.warn())
        self.in_transaction(store.report, 'other', services.PROGRAM)
        self.assertEqual(1, self.warn())
        self.bank.is_shared = True
        self.assertEqual(0, self.warn())
        self.bank.is_shared = False
        long_ago = clock.utcnow() - datetime.timedelta(hours=1)
        self.set(models.SERVICES, {'host': 'other'}, updated_at=long_ago)
        self.assertEqual(0, self.warn())

    @db_case.logic
    def test_a_bank_of_one_host_until_another_one_comes(self):
        self.bank.is_shared = False
        log = self.useFixture(fixtures.FakeLogger())
        beat = services.Heartbeat(lambda _paused: None, [self.provider]).beat
        beat()
        self.assertNotIn('on this host alone', log.output)
        for host in ('other', 'third'):
            self.in_transaction(store.report, host, services.PROGRAM)
            beat()
            self.assertEqual(1, log.output.count('on this host alone'))


class ProtectablesMixin(protection_case.ProtectionMixin):
    def setUp(self):
        super().setUp()
        self.manager = protectables.ProtectablesManager(self.protectables)
        self.world.folders['f1'] = (PROJECT, None)
        self.world.add_shares('in', folder='f1')
        self.world.add_shares('theirs', project=OTHER_PROJECT)

    def list(self, resource_type=SHARE, limit=10, **values):
        found = self.manager.list_instances(self.ctx(), resource_type, limit, **values)
        return [each['id'] for each in found]

    @db_case.logic
    def test_types(self):
        self.assertEqual([FOLDER, SHARE], self.manager.list_types(self.ctx()))
        self.assertEqual(
            {'name': FOLDER, 'dependent_types': [FOLDER, SHARE]},
            self.manager.show_type(self.ctx(), FOLDER),
        )
        error = exception.ProtectableTypeNotFound
        self.assertRaises(error, self.manager.show_type, self.ctx(), 'x')
        self.assertRaises(error, self.list, 'x')

    @db_case.logic
    def test_list(self):
        self.assertEqual(['in', 's1', 's2', 's3'], self.list())
        self.assertEqual(['in', 's1', 's2'], self.list(limit=2))
        self.assertEqual(['s2', 's3'], self.list(marker='s1'))
        self.assertEqual(
            ['s1', 'in'], self.list(marker='s2', sort_key='name', sort_dir='desc')
        )
        self.assertRaises(exception.MarkerNotFound, self.list, marker='theirs')

    def read_lazily(self):
        """Have shares come by their ids, one after the other; those that were read."""
        plugin, read = self.protectables.get(SHARE), []
        found = sorted(plugin.list_resources(self.ctx()), key=lambda each: each.id)

        def come(*_args):
            for each in found:
                read.append(each.id)
                yield each

        plugin.list_resources = plugin.get_dependent_resources = come
        plugin.is_sorted = True
        return read

    @db_case.logic
    def test_no_more_is_read_than_a_page_needs(self):
        read = self.read_lazily()
        self.assertEqual(['in', 's1'], self.list(limit=1))
        self.assertEqual(['in', 's1'], read)
        del read[:]
        self.assertEqual(['s1', 's2'], self.list(limit=1, marker='in'))
        self.assertEqual(['in', 's1', 's2'], read)
        self.assertRaises(exception.MarkerNotFound, self.list, marker='j')
        self.assertRaises(exception.MarkerNotFound, self.list, marker='z')
        del read[:]
        self.assertEqual(['s3', 's2'], self.list(limit=1, sort_dir='desc'))
        self.assertEqual(['in', 's1'], self.list(limit=1, sort_key='name'))
        self.assertEqual(['in', 's1', 's2', 's3'] * 2, read)

    @db_case.logic
    def test_of_many_dependents_it_is_told_that_there_are_more(self):
        read = self.read_lazily()
        for most, expected in ((3, {'dependent_resources_cut_at': 3}), (4, None)):
            CONF.set_override('max_resources', most, group='protection')
            self.addCleanup(CONF.clear_override, 'max_resources', group='protection')
            del read[:]
            for shown in (
                self.manager.show_instance(self.ctx(), FOLDER, 'f1'),
                *self.manager.list_instances(self.ctx(), FOLDER, 1),
            ):
                self.assertEqual(expected, shown['extra_info'])
                self.assertEqual(most, len(shown['dependent_resources']))
            self.assertEqual(2 * 4, len(read))

    @db_case.logic
    def test_show(self):
        shown = self.manager.show_instance(self.ctx(), FOLDER, 'f1')
        self.assertEqual(['in'], [each['id'] for each in shown['dependent_resources']])
        error = exception.ResourceNotFound
        for name in ('theirs', 'gone'):
            self.assertRaises(
                error, self.manager.show_instance, self.ctx(), SHARE, name
            )

    def test_a_share_tells_of_its_copies(self):
        self.start_engine()
        self.protected('s1')
        newest = self.protected('s1', 's2')
        shown = self.manager.show_instance(self.ctx(), SHARE, 's1')
        self.assertEqual(
            {'checkpoints': 2, 'newest_checkpoint': newest}, shown['extra_info']
        )
        self.assertIsNone(
            self.manager.show_instance(self.ctx(), SHARE, 's3')['extra_info']
        )


db_case.on_each(globals(), LiveMixin, ProtectablesMixin)
