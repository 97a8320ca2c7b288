"""Verbs on plans, and what is refused of them."""

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import quotas
from mogan_like.protection import models
from tests.unit.db import db_case
from tests.unit.protection import protection_case
from tests.unit.protection.protection_case import OPTIONS
from tests.unit.protection.world import FOLDER
from tests.unit.protection.world import OTHER_PROJECT
from tests.unit.protection.world import PROJECT
from tests.unit.protection.world import PROVIDER
from tests.unit.protection.world import SHARE


class PlansMixin(protection_case.ProtectionMixin):
    def used(self):
        return self.in_transaction(quotas.get_usages, PROJECT, 'u1')['plans']

    def test_create_keeps_all_of_it(self):
        plan = self.create_plan('s1', 's2', name='mine')
        self.assertEqual(('mine', 'suspended'), (plan['name'], plan['status']))
        resources = self.load(plan['resources'])
        self.assertEqual(['s1', 's2'], [each['id'] for each in resources])
        self.assertEqual({SHARE: OPTIONS}, self.load(plan['parameters']))
        self.assertEqual([('create', 'success')], self.actions(plan['uuid']))
        self.assertEqual(1, self.used())

    @db_case.logic
    def test_a_resource_without_a_name_gets_its_own(self):
        plan = self.create_plan(resources=[{'id': 's1', 'type': SHARE}])
        self.assertEqual('share s1', self.load(plan['resources'])[0]['name'])

    @db_case.logic
    def test_both_kinds_of_parameters_are_merged(self):
        parameters = {SHARE: {'name': 'x'}, f'{SHARE}#s1': {'force': True}}
        self.create_plan('s1', parameters=parameters)
        error = self.assertRaises(
            exception.InvalidParameter,
            self.create_plan,
            's1',
            's2',
            parameters=parameters,
        )
        self.assertIn('s2', str(error))
        self.assertIn('force', str(error))

    @db_case.logic
    def test_bad_values(self):
        share = {'id': 's1', 'type': SHARE, 'name': 'x'}
        for words, values in (
            ('no provider', {'provider_id': PROJECT}),
            ('no type Nova', {'resources': [{**share, 'type': 'Nova'}]}),
            ('could not be found', {'resources': [{**share, 'id': 'gone'}]}),
            ('twice', {'resources': [share, share]}),
            ('name', {'parameters': {}}),
            ('force', {'parameters': {SHARE: {'name': 'x'}}}),
            ('force', {'parameters': {SHARE: {**OPTIONS, 'force': 'yes'}}}),
            ('colour', {'parameters': {SHARE: {**OPTIONS, 'colour': 'red'}}}),
            ('does not protect', {'parameters': {SHARE: OPTIONS, FOLDER: {}}}),
            ('does not protect', {'parameters': {SHARE: OPTIONS, 'No::Type': {}}}),
            ('no such', {'parameters': {SHARE: OPTIONS, f'{SHARE}#s2': {}}}),
        ):
            error = self.assertRaises(
                exception.InvalidParameter, self.create_plan, **values
            )
            self.assertIn(words, str(error))
        self.assertEqual([], self.rows(models.PLANS))
        self.assertEqual(0, self.used())
        results = {row['result'] for row in self.rows(actions_models.ACTIONS)}
        self.assertEqual({'refused'}, results)

    @db_case.logic
    def test_another_projects_share_is_not_there(self):
        self.world.add_shares('theirs', project=OTHER_PROJECT)
        self.assertRaises(exception.InvalidParameter, self.create_plan, 'theirs')

    @db_case.logic
    def test_a_folder_leads_to_shares(self):
        self.world.folders['f1'] = (PROJECT, None)
        resources = [{'id': 'f1', 'type': FOLDER}]
        own = {**OPTIONS, 'name': 'mine'}
        parameters = {SHARE: OPTIONS, f'{SHARE}#s1': own}
        made = self.create_plan(resources=resources, parameters=parameters)
        self.assertEqual(parameters, self.load(made['parameters']))

    @db_case.logic
    def test_what_a_folder_may_lead_to_has_what_it_needs(self):
        """Whatever is in it, now or by the time of a checkpoint."""
        self.world.folders['f1'] = (PROJECT, None)
        resources = [{'id': 'f1', 'type': FOLDER}]
        incomplete = ({}, {SHARE: {'name': 'x'}}, {f'{SHARE}#s1': OPTIONS})
        both = [*resources, {'id': 's1', 'type': SHARE}]
        for wanted in (resources, both):
            for parameters in incomplete:
                error = self.assertRaises(
                    exception.InvalidParameter,
                    self.create_plan,
                    resources=wanted,
                    parameters=parameters,
                )
                self.assertIn(SHARE, str(error))
                self.assertIn('force', str(error))
                if wanted is resources:
                    self.assertIn('may belong to', str(error))
        uuid = self.create_plan(parameters={f'{SHARE}#s1': OPTIONS})['uuid']
        change = {'resources': both}
        self.assertRaises(
            exception.InvalidParameter, self.plans.update, self.ctx(), uuid, change
        )
        change['parameters'] = {SHARE: OPTIONS}
        self.plans.update(self.ctx(), uuid, change)

    @db_case.logic
    def test_a_folder_that_leads_to_nothing_is_refused(self):
        self.provider.plugins = []
        self.world.folders['f1'] = (PROJECT, None)
        resources = [{'id': 'f1', 'type': FOLDER}]
        error = self.assertRaises(
            exception.InvalidParameter,
            self.create_plan,
            resources=resources,
            parameters={},
        )
        self.assertIn('does not protect', str(error))

    @db_case.logic
    def test_a_disabled_provider_takes_no_plans(self):
        self.provider.enabled = False
        self.assertRaises(exception.InvalidParameter, self.create_plan)

    def test_quota(self):
        CONF.set_override('plans', 1, group='quota')
        self.create_plan()
        self.assertRaises(exception.QuotaExceeded, self.create_plan)

    def test_repeated_under_one_key(self):
        key = {'key': 'k', 'hash': 'h'}
        first = self.plans.create(self.ctx(), self.plan_body(), key)
        self.assertEqual(first, self.plans.create(self.ctx(), self.plan_body(), key))
        self.assertEqual(1, len(self.rows(models.PLANS)))

    def test_update(self):
        uuid = self.create_plan()['uuid']
        changed = self.plans.update(self.ctx(), uuid, {'name': 'other'})
        self.assertEqual('other', changed['name'])
        resources = [{'id': 's2', 'type': SHARE}]
        changed = self.plans.update(self.ctx(), uuid, {'resources': resources})
        self.assertEqual('s2', self.load(changed['resources'])[0]['id'])
        self.assertEqual({SHARE: OPTIONS}, self.load(changed['parameters']))

    @db_case.logic
    def test_update_is_checked_as_a_create_is(self):
        uuid = self.create_plan()['uuid']
        for values in (
            {'resources': [{'id': 'gone', 'type': SHARE}]},
            {'parameters': {SHARE: {'name': 'x'}}},
        ):
            self.assertRaises(
                exception.InvalidParameter, self.plans.update, self.ctx(), uuid, values
            )
        self.assertEqual('refused', self.actions(uuid)[-1][1])

    def test_an_update_that_was_overtaken_is_refused(self):
        uuid = self.create_plan()['uuid']
        share = self.protectables.get(SHARE)
        show = share.show_resource

        def overtake(*args):
            self.set(models.PLANS, {'uuid': uuid}, parameters='{}')
            return show(*args)

        share.show_resource = overtake
        values = {'resources': [{'id': 's2', 'type': SHARE}]}
        self.assertRaises(
            exception.Conflict, self.plans.update, self.ctx(), uuid, values
        )

    def test_delete(self):
        uuid = self.create_plan()['uuid']
        self.plans.delete(self.ctx(), uuid)
        self.assertEqual([], self.rows(models.PLANS))
        self.assertEqual(0, self.used())
        self.assertRaises(exception.PlanNotFound, self.plans.delete, self.ctx(), uuid)

    def test_one_that_is_scheduled_is_not_deleted(self):
        uuid = self.create_plan()['uuid']
        now = clock.utcnow()
        row = {
            'uuid': 'o',
            'name': 'o',
            'operation_type': 'protect',
            'project_id': PROJECT,
            'user_id': 'u',
            'trigger_uuid': 't',
            'operation_definition': '{}',
            'plan_uuid': uuid,
            'enabled': True,
            'created_at': now,
            'updated_at': now,
        }
        self.in_transaction(
            lambda conn: conn.execute(models.SCHEDULED_OPERATIONS.insert(), row)
        )
        self.assertRaises(exception.InUse, self.plans.delete, self.ctx(), uuid)
        self.assertEqual(1, len(self.rows(models.PLANS)))

    def test_another_projects_plan_is_not_there(self):
        uuid = self.create_plan()['uuid']
        for verb, args in (
            (self.plans.delete, ()),
            (self.plans.update, ({'name': 'x'},)),
            (self.plans.update, ({'resources': []},)),
        ):
            ctx = self.ctx(OTHER_PROJECT)
            self.assertRaises(exception.PlanNotFound, verb, ctx, uuid, *args)
        self.assertEqual(PROVIDER, self.rows(models.PLANS)[0]['provider_id'])


db_case.on_each(globals(), PlansMixin)
