"""Protect, delete, restore and verify, done by an engine of due work."""

import threading

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import quotas
from mogan_like.protection import banking
from mogan_like.protection import models
from tests.unit.db import db_case
from tests.unit.protection import protection_case
from tests.unit.protection.world import FOLDER
from tests.unit.protection.world import OTHER_PROJECT
from tests.unit.protection.world import PROJECT
from tests.unit.protection.world import PROVIDER
from tests.unit.protection.world import SHARE


def _fail(_step):
    raise exception.ProtectionFailed(reason='No space left.')


def _crash(_step):
    raise RuntimeError('secret')


class OperationsMixin(protection_case.ProtectionMixin):
    def setUp(self):
        super().setUp()
        self.engine = self.start_engine()

    def test_protect(self):
        uuid = self.protected('s1', 's2')
        self.assertEqual(2, len(self.world.snapshots))
        for row in self.resources(uuid).values():
            self.assertEqual(('available', None), (row['status'], row['fault']))
            self.assertIn(self.load(row['data'])['snapshot'], self.world.snapshots)
        self.assertEqual([('create', 'success')], self.actions(uuid))
        self.assertEqual([('protect', 'success')], self.logs(uuid))
        row = self.checkpoint(uuid)
        self.assertEqual({'created_by': 'manual'}, self.load(row['extra_info']))
        self.assertEqual(1, row['banked'])
        nodes, edges = self.load(row['resource_graph'])
        self.assertEqual({'s1', 's2'}, {each[1] for each in nodes.values()})
        self.assertEqual([], edges)

    @db_case.logic
    def test_the_bank_has_what_the_row_says(self):
        uuid = self.protected('s1')
        index, resources = banking.read(self.bank, uuid)
        self.assertEqual(('available', uuid), (index['status'], index['id']))
        self.assertEqual('a plan', index['protection_plan']['name'])
        ((status, metadata),) = resources
        self.assertEqual('available', status['status'])
        self.assertEqual(self.world.made, [metadata['snapshot']])
        plan = index['protection_plan']['id']
        for narrow in ({}, {'plan': plan}, {'date': index['created_at']}):
            ids, _ = banking.list_page(self.bank, PROVIDER, PROJECT, **narrow)
            self.assertEqual([uuid], ids)
            ids, _ = banking.list_page(self.bank, PROVIDER, OTHER_PROJECT, **narrow)
            self.assertEqual([], ids)

    @db_case.logic
    def test_what_was_seen_last_stays_of_a_restore_and_of_a_verification(self):
        uuid = self.protected('s1', 's2', 's3')

        def see(status, fault=None):
            def run(step):
                step.record.set_status(status)
                if fault is not None:
                    fault(step)

            return run

        for verb, begin in (('restore', self.restore), ('verify', self.verify)):
            self.world.at[verb, 'on_complete', 's1'] = see('in-use')
            self.world.at[verb, 'on_complete', 's2'] = see('shrinking_error', _fail)
            self.world.at[verb, 'on_complete', 's3'] = _fail
            run = begin(uuid)
            self.wait_for_run(run, 'fail')
            found = {
                name: (row['status'], row['fault'])
                for name, row in self.resources(run).items()
            }
            expected = {
                's1': ('in-use', None),
                's2': ('shrinking_error', 'No space left.'),
                's3': ('error', 'No space left.'),
            }
            self.assertEqual(expected, found, verb)

    @db_case.logic
    def test_a_tree(self):
        self.world.folders.update(f1=(PROJECT, None), f2=(PROJECT, 'f1'))
        self.world.add_shares('in1', folder='f1')
        self.world.add_shares('in2', folder='f2')
        self.world.add_shares('theirs', folder='f1', project=OTHER_PROJECT)
        plan = self.create_plan(resources=[{'id': 'f1', 'type': FOLDER}])
        uuid = self.protect(plan)
        self.wait_for(uuid, 'available')
        self.assertEqual({'in1', 'in2'}, set(self.resources(uuid)))
        nodes, edges = self.load(self.checkpoint(uuid)['resource_graph'])
        self.assertEqual(4, len(nodes))
        self.assertEqual(2, len(edges))

    @db_case.logic
    def test_hooks_in_their_order(self):
        self.world.folders.update(f1=(PROJECT, None))
        self.world.add_shares('in1', folder='f1')
        self.protected('s1', 's2')
        for share in ('s1', 's2'):
            hooks = [each[1] for each in self.world.calls if each[2] == share]
            self.assertEqual(
                ['on_prepare_begin', 'on_prepare_finish', 'on_main', 'on_complete'],
                hooks,
            )

    @db_case.logic
    def test_one_that_fails_fails_the_checkpoint_and_no_other(self):
        self.world.at['protect', 'on_main', 's2'] = _fail
        uuid = self.protect(self.create_plan('s1', 's2', 's3'))
        self.wait_for(uuid, 'error')
        row = self.checkpoint(uuid)
        self.assertEqual(f'{SHARE} s2: No space left.', row['fault'])
        statuses = {name: row['status'] for name, row in self.resources(uuid).items()}
        self.assertEqual(
            {'s1': 'available', 's2': 'error', 's3': 'available'}, statuses
        )
        self.assertEqual('No space left.', self.resources(uuid)['s2']['fault'])
        self.assertEqual([('create', 'error')], self.actions(uuid))
        self.assertEqual([('protect', 'fail')], self.logs(uuid))
        # The others' snapshots would be lost with the database otherwise.
        index, _ = banking.read(self.bank, uuid)
        self.assertEqual('error', index['status'])
        self.delete(uuid)
        self.wait_for(uuid, 'deleted')
        self.assertEqual({}, self.world.snapshots)

    @db_case.logic
    def test_a_bug_is_not_told(self):
        for hook in ('on_prepare_begin', 'on_prepare_finish', 'on_complete'):
            self.world.at['protect', hook, None] = _crash
            uuid = self.protect()
            self.wait_for(uuid, 'error')
            self.assertNotIn('secret', self.checkpoint(uuid)['fault'])
            del self.world.at['protect', hook, None]

    @db_case.logic
    def test_loop(self):
        self.world.folders.update(f1=(PROJECT, 'f2'), f2=(PROJECT, 'f1'))
        uuid = self.protect(self.create_plan(resources=[{'id': 'f1', 'type': FOLDER}]))
        self.wait_for(uuid, 'error')
        self.assertIn('depends on itself', self.checkpoint(uuid)['fault'])
        self.assertEqual([], self.world.made)

    @db_case.logic
    def test_too_many(self):
        CONF.set_override('max_resources', 2, group='protection')
        uuid = self.protect(self.create_plan('s1', 's2', 's3'))
        self.wait_for(uuid, 'error')
        self.assertIn('more than 2', self.checkpoint(uuid)['fault'])

    @db_case.logic
    def test_parameters_of_what_a_folder_has_are_checked(self):
        self.world.folders['f1'] = (PROJECT, None)
        self.world.add_shares('in1', 'in2', folder='f1')
        plan = self.create_plan(resources=[{'id': 'f1', 'type': FOLDER}])
        # As if more was required since then.
        parameters = f'{{"{SHARE}#in1": {{"name": "x", "force": true}}}}'
        self.set(models.PLANS, {'uuid': plan['uuid']}, parameters=parameters)
        uuid = self.protect(plan)
        self.wait_for(uuid, 'error')
        self.assertIn('in2', self.checkpoint(uuid)['fault'])
        self.assertEqual([], self.world.made)

    def test_two_of_one_plan_at_once(self):
        plan = self.create_plan('s1', 's2')
        gate = threading.Barrier(2)
        self.world.at['protect', 'on_main', 's1'] = lambda _step: gate.wait(60)
        first, second = self.protect(plan), self.protect(plan)
        self.wait_for(first, 'available')
        self.wait_for(second, 'available')
        self.assertEqual(4, len(self.world.snapshots))
        self.delete(first)
        self.wait_for(first, 'deleted')
        kept = {checkpoint for checkpoint, _ in self.world.snapshots.values()}
        self.assertEqual({second}, kept)

    def test_a_plan_that_changed_since_does_not_count(self):
        plan = self.create_plan('s1')
        uuid = self.protect(plan)
        self.wait_for(uuid, 'available')
        resources = [{'id': 's2', 'type': SHARE}]
        self.plans.update(self.ctx(), plan['uuid'], {'resources': resources})
        self.wait_for_run(self.restore(uuid))
        self.plans.delete(self.ctx(), plan['uuid'])
        self.wait_for_run(self.restore(uuid))
        self.assertEqual(['s1', 's1'], self.world.called('restore'))
        self.assertEqual('a plan', self.load(self.checkpoint(uuid)['plan'])['name'])

    def test_restore(self):
        uuid = self.protected('s1', 's2')
        run = self.restore(uuid, parameters={SHARE: {'restore_name': 'x'}})
        self.wait_for_run(run)
        self.assertEqual([('create', 'success')], self.actions(run))
        self.assertEqual(('restore', 'success'), self.logs(uuid)[-1])
        for row in self.resources(run).values():
            self.assertEqual('available', row['status'])
            self.assertIn(self.load(row['data'])['share'], self.world.made)
        self.assertEqual(0, self.checkpoint(uuid)['restoring'])

    @db_case.logic
    def test_restore_that_fails(self):
        uuid = self.protected('s1', 's2')
        self.world.snapshots.popitem()
        run = self.restore(uuid)
        self.wait_for_run(run, 'fail')
        self.assertIn('The snapshot is gone.', self.run_row(run)['fault'])
        self.assertEqual(0, self.checkpoint(uuid)['restoring'])
        statuses = sorted(row['status'] for row in self.resources(run).values())
        self.assertEqual(['available', 'error'], statuses)
        self.assertEqual('available', self.checkpoint(uuid)['status'])

    @db_case.logic
    def test_the_secret_of_a_restore_is_not_kept(self):
        uuid = self.protected('s1')
        auth = {'type': 'password', 'username': 'u', 'password': 'p4ssw0rd'}
        run = self.restore(uuid, restore_auth=auth)
        self.wait_for_run(run)
        kept = [self.rows(table) for table in (models.RUNS, models.OPERATION_LOGS)]
        self.assertNotIn('p4ssw0rd', str(kept))

    def test_newer_checkpoints_are_told(self):
        first = self.protected('s1')
        second = self.protected('s1')
        self.protected('s2')
        seen = []
        self.world.at['restore', 'on_main', 's1'] = lambda step: seen.append(
            step.siblings
        )
        self.wait_for_run(self.restore(first))
        self.wait_for_run(self.restore(second))
        self.assertEqual([(second,), ()], seen)

    def test_verify(self):
        uuid = self.protected('s1')
        run = self.verify(uuid)
        self.wait_for_run(run)
        self.world.snapshots.clear()
        run = self.verify(uuid)
        self.wait_for_run(run, 'fail')
        self.assertEqual('error', self.resources(run)['s1']['status'])
        self.assertEqual('available', self.resources(uuid)['s1']['status'])

    def test_delete(self):
        uuid = self.protected('s1', 's2')
        self.delete(uuid)
        self.wait_for(uuid, 'deleted')
        self.assertEqual({}, self.world.snapshots)
        ids, _ = banking.list_page(self.bank, PROVIDER, PROJECT)
        self.assertEqual([], ids)
        self.assertEqual([f'checkpoints/{uuid}/index.json'], list(self.bank.documents))
        self.assertEqual('deleted', banking.read(self.bank, uuid)[0]['status'])
        used = self.in_transaction(quotas.get_usages, PROJECT, 'u1')
        self.assertEqual(0, used['checkpoints'])
        self.assertEqual(
            [('protect', 'success'), ('delete', 'success')], self.logs(uuid)
        )
        # Once more is as good, and does nothing.
        self.delete(uuid)
        self.assertEqual(2, len(self.world.called('delete')))

    def test_delete_that_fails_can_be_done_again(self):
        uuid = self.protected('s1', 's2')
        self.world.at['delete', 'on_main', 's1'] = _fail
        self.delete(uuid)
        self.wait_for(uuid, 'error-deleting')
        self.assertIn('No space left.', self.checkpoint(uuid)['fault'])
        self.assertEqual(1, len(self.world.snapshots))
        self.assertEqual('error-deleting', banking.read(self.bank, uuid)[0]['status'])
        del self.world.at['delete', 'on_main', 's1']
        self.delete(uuid)
        self.wait_for(uuid, 'deleted')
        self.assertEqual({}, self.world.snapshots)


db_case.on_each(globals(), OperationsMixin)
