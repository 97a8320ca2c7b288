"""Verbs on checkpoints from every status, while nobody does the due work."""

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import quotas
from mogan_like.protection import models
from mogan_like.protection import states
from tests import racing
from tests.unit.db import db_case
from tests.unit.protection import protection_case
from tests.unit.protection.world import OTHER_PROJECT
from tests.unit.protection.world import PROJECT
from tests.unit.protection.world import PROVIDER
from tests.unit.protection.world import SHARE

_OTHER_PROVIDER = '99999999-2222-4333-8444-555555555555'


class VerbsMixin(protection_case.ProtectionMixin):
    def bring_to(self, status, **values):
        """A checkpoint of one share in a status, with nothing left to do."""
        uuid = self.protect()
        deleted = int(status == states.DELETED)
        self.set(
            models.CHECKPOINTS,
            {'uuid': uuid},
            status=status,
            deleted=deleted,
            banked=1,
            **values,
        )
        return uuid

    def status(self, uuid):
        return self.checkpoint(uuid)['status']

    def used(self):
        return self.in_transaction(quotas.get_usages, PROJECT, 'u1')['checkpoints']

    def test_create(self):
        uuid = self.protect(extra_info={'why': 'friday'})
        row = self.checkpoint(uuid)
        self.assertEqual(('protecting', 0), (row['status'], row['banked']))
        self.assertEqual(
            {'created_by': 'manual', 'why': 'friday'}, self.load(row['extra_info'])
        )
        self.assertEqual('checkpoint', self.due(uuid)['kind'])
        self.assertEqual([('create', None)], self.actions(uuid))
        self.assertEqual([('protect', 'in_progress')], self.logs(uuid))
        self.assertEqual(1, self.used())

    def test_create_is_refused(self):
        plan = self.create_plan()['uuid']
        for error, ctx, provider_id, plan_uuid in (
            (exception.ProviderNotFound, self.ctx(), _OTHER_PROVIDER, plan),
            (exception.PlanNotFound, self.ctx(), PROVIDER, PROJECT),
            (exception.PlanNotFound, self.ctx(OTHER_PROJECT), PROVIDER, plan),
        ):
            self.assertRaises(
                error, self.checkpoints.create, ctx, provider_id, plan_uuid, None
            )
        other = type(self.provider)(_OTHER_PROVIDER, [self.plugin], self.bank)
        self.providers[_OTHER_PROVIDER] = other
        self.assertRaises(
            exception.InvalidParameter,
            self.checkpoints.create,
            self.ctx(),
            _OTHER_PROVIDER,
            plan,
            None,
        )
        self.provider.enabled = False
        self.assertRaises(exception.ProviderNotFound, self.protect, {'uuid': plan})
        self.assertEqual([], self.rows(models.CHECKPOINTS))
        self.assertEqual(0, self.used())

    def test_quota(self):
        CONF.set_override('checkpoints', 1, group='quota')
        plan = self.create_plan()
        uuid = self.protect(plan)
        self.assertRaises(exception.QuotaExceeded, self.protect, plan)
        self.assertEqual([uuid], [row['uuid'] for row in self.rows(models.CHECKPOINTS)])

    def test_repeated_under_one_key(self):
        key, plan = {'key': 'k', 'hash': 'h'}, self.create_plan()
        uuids = {self.protect(plan, idempotency=key) for _ in range(2)}
        self.assertEqual(1, len(uuids))
        self.assertEqual(1, len(self.rows(models.CHECKPOINTS)))

    def test_delete_from_every_status(self):
        for status in states.ALL:
            uuid = self.bring_to(status)
            self.delete(uuid)
            if status in (states.DELETED, states.DELETING):
                self.assertEqual(status, self.status(uuid))
                self.assertEqual(1, len(self.logs(uuid)))
            else:
                self.assertEqual('deleting', self.status(uuid))
                self.assertEqual(('delete', 'in_progress'), self.logs(uuid)[-1])
            before = self.checkpoint(uuid), self.due(uuid)['generation']
            self.delete(uuid)
            self.assertEqual(
                before, (self.checkpoint(uuid), self.due(uuid)['generation'])
            )

    def test_delete_closes_what_was_under_way(self):
        uuid = self.protect()
        self.delete(uuid)
        self.assertEqual(
            [('create', 'cancelled'), ('delete', None)], self.actions(uuid)
        )
        self.assertEqual(
            [('protect', 'fail'), ('delete', 'in_progress')], self.logs(uuid)
        )

    def test_reset_from_every_status(self):
        allowed = (states.AVAILABLE, states.ERROR)
        for status in states.ALL:
            for target in allowed:
                uuid = self.bring_to(status, fault='broken')
                reset = (self.checkpoints.reset_status, self.ctx(), PROVIDER, uuid)
                if status not in allowed:
                    self.assertRaises(exception.InvalidCheckpointState, *reset, target)
                    self.assertEqual(status, self.status(uuid))
                    continue
                reset[0](*reset[1:], target)
                row = self.checkpoint(uuid)
                self.assertEqual((target, 0), (row['status'], row['banked']))
                self.assertEqual('{}', self.due(uuid)['payload'])
        uuid = self.bring_to(states.ERROR)
        self.assertRaises(
            exception.InvalidParameter,
            self.checkpoints.reset_status,
            self.ctx(),
            PROVIDER,
            uuid,
            'deleting',
        )

    def test_runs_from_every_status(self):
        for status in states.ALL:
            for run in (self.restore, self.verify):
                uuid = self.bring_to(status)
                if status == states.AVAILABLE:
                    self.assertEqual('in_progress', self.run_row(run(uuid))['status'])
                    continue
                error = (
                    exception.CheckpointNotFound
                    if status == states.DELETED
                    else exception.InvalidCheckpointState
                )
                self.assertRaises(error, run, uuid)
                self.assertEqual([], self.rows(models.RUNS, checkpoint_uuid=uuid))
                self.assertEqual(0, self.checkpoint(uuid)['restoring'])

    def test_a_restore_keeps_its_checkpoint(self):
        uuid = self.bring_to(states.AVAILABLE)
        run = self.restore(uuid)
        error = self.assertRaises(exception.InUse, self.delete, uuid)
        self.assertIn(run, str(error))
        self.assertEqual('available', self.status(uuid))
        self.assertEqual(('delete', 'refused'), self.actions(uuid)[-1])
        # Also when an admin says that it is broken.
        self.checkpoints.reset_status(self.ctx(), PROVIDER, uuid, 'error')
        self.assertRaises(exception.InUse, self.delete, uuid)

    def test_a_verification_does_not(self):
        uuid = self.bring_to(states.AVAILABLE)
        self.verify(uuid)
        self.delete(uuid)
        self.assertEqual('deleting', self.status(uuid))

    def test_restore_and_delete_at_once(self):
        for _ in range(5):
            uuid = self.bring_to(states.AVAILABLE)
            results = racing.at_once(
                lambda uuid=uuid: self.restore(uuid),
                lambda uuid=uuid: self.delete(uuid),
            )
            refused = [each for each in results if isinstance(each, Exception)]
            self.assertEqual(1, len(refused), results)
            self.assertIsInstance(refused[0], exception.Conflict)
            deleting = self.status(uuid) == 'deleting'
            restores = self.rows(models.RUNS, checkpoint_uuid=uuid)
            self.assertEqual(deleting, not restores)

    def test_nobody_elses(self):
        uuid = self.bring_to(states.AVAILABLE)
        values = {'provider_id': PROVIDER, 'checkpoint_id': uuid}
        wrong = {**values, 'provider_id': _OTHER_PROVIDER}
        for verb, args in (
            (self.checkpoints.delete, (PROVIDER, uuid)),
            (self.checkpoints.reset_status, (PROVIDER, uuid, 'error')),
            (self.runs.restore, (values,)),
            (self.runs.verify, (values,)),
        ):
            other = self.ctx(OTHER_PROJECT)
            self.assertRaises(exception.CheckpointNotFound, verb, other, *args)
        for verb, args in (
            (self.checkpoints.delete, (_OTHER_PROVIDER, uuid)),
            (self.checkpoints.delete, (PROVIDER, PROJECT)),
            (self.checkpoints.reset_status, (_OTHER_PROVIDER, uuid, 'error')),
            (self.runs.restore, (wrong,)),
            (self.runs.verify, (wrong,)),
        ):
            self.assertRaises(exception.CheckpointNotFound, verb, self.ctx(), *args)
        self.assertEqual('available', self.status(uuid))
        self.assertEqual([], self.rows(models.RUNS))


class ParametersMixin(protection_case.ProtectionMixin):
    def setUp(self):
        super().setUp()
        engine = self.start_engine()
        self.uuid = self.protected('s1', 's2')
        self.lose(engine)

    def refused(self, run, parameters):
        return str(
            self.assertRaises(
                exception.InvalidParameter, run, self.uuid, parameters=parameters
            )
        )

    @db_case.logic
    def test_parameters_of_a_restore(self):
        for words, parameters in (
            ('does not protect', {'Other::Type': {}}),
            ('no such resource', {f'{SHARE}#s3': {}}),
            ('restore_name', {SHARE: {'restore_name': 1}}),
            ('colour', {f'{SHARE}#s1': {'colour': 'red'}}),
            ('object', {SHARE: []}),
        ):
            self.assertIn(words, self.refused(self.restore, parameters))
        self.assertEqual([], self.rows(models.RUNS))
        self.restore(self.uuid, parameters={f'{SHARE}#s1': {'restore_name': 'x'}})

    @db_case.logic
    def test_parameters_of_a_verification(self):
        self.assertIn('colour', self.refused(self.verify, {SHARE: {'colour': 'red'}}))
        self.verify(self.uuid, parameters={SHARE: {}})

    @db_case.logic
    def test_a_plugin_may_refuse_a_restore(self):
        self.plugin.refusal = exception.NewerCheckpoints(
            share_id='s1', checkpoint_id='c', newer='d'
        )
        self.assertRaises(exception.NewerCheckpoints, self.restore, self.uuid)
        self.assertEqual(0, self.checkpoint(self.uuid)['restoring'])
        self.assertEqual([], self.rows(models.RUNS))

    @db_case.logic
    def test_a_provider_that_is_gone(self):
        self.providers.clear()
        for run in (self.restore, self.verify):
            error = self.assertRaises(
                exception.ProtectionPluginNotFound, run, self.uuid
            )
            self.assertIn(SHARE, str(error))


db_case.on_each(globals(), VerbsMixin, ParametersMixin)
