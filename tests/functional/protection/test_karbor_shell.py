"""The commands of ``karbor``, unmodified."""

import json

from tests import personas
from tests.functional import clients
from tests.functional.protection import protection_case
from tests.functional.protection import site

_ADMIN = personas.PROJECT_ADMIN


class KarborTest(clients.ClientsMixin, protection_case.ProtectionCase):
    # The project is in the path, as Karbor's endpoint has it.
    endpoint = ('data-protect', f'/v1/{personas.PROJECT}')

    def karbor(self, *words, **kwargs):
        """What ``karbor`` printed."""
        return self.run_command(['karbor', *words], **kwargs)

    def show(self, *words, **kwargs):
        """{field: value} of the object that was printed."""
        return clients.read_properties(self.karbor(*words, **kwargs))

    def rows(self, *words, **kwargs):
        """The rows of the list that was printed, as {column: value}."""
        printed = self.karbor(*words, **kwargs)
        # Without the lines that go on with the row above them.
        lines = [line for line in printed.splitlines() if not line.startswith('|  ')]
        header, *rows = clients.read_table('\n'.join(lines))
        return [dict(zip(header, row, strict=False)) for row in rows]

    def test_inventory(self):
        share = self.make_share()
        types = [row['Protectable type'] for row in self.rows('protectable-list')]
        expected = [site.PROJECT_TYPE, site.SHARE, site.NOOP_TYPE]
        self.assertEqual(expected, types)
        shown = self.show('protectable-show', site.PROJECT_TYPE)
        self.assertIn(site.SHARE, shown['dependent_types'])
        words = ('protectable-list-instances', site.SHARE, '--parameters', 'a=b')
        (row,) = self.rows(*words, '--limit', '5', '--sort', 'name:asc')
        self.assertEqual((share, 'data'), (row['Id'], row['Name']))
        shown = self.show('protectable-show-instance', site.SHARE, share)
        self.assertEqual('data', shown['name'])
        (row,) = self.rows('provider-list')
        self.assertEqual((site.PROVIDER, 'shares'), (row['Id'], row['Name']))
        self.assertIn('snapshot_name', self.karbor('provider-show', site.PROVIDER))
        said = self.karbor('protectable-show', 'OS::Nova::Server', status=1)
        self.assertIn('could not be found', said)

    def create_plan(self):
        """The ids of a new plan and of its share."""
        share = self.make_share()
        made = self.show(
            'plan-create',
            'nightly',
            site.PROVIDER,
            f'{share}={site.SHARE}=data',
            '--parameters-json',
            json.dumps({site.SHARE: protection_case.OPTIONS}),
        )
        self.assertEqual(('nightly', 'suspended'), (made['name'], made['status']))
        return made['id'], share

    def test_plans(self):
        plan, share = self.create_plan()
        (row,) = self.rows('plan-list', '--sort', 'name:desc', '--status', 'suspended')
        self.assertEqual((plan, 'nightly'), (row['Id'], row['Name']))
        self.assertIn(share, self.karbor('plan-show', plan))
        self.show('plan-update', plan, '--name', 'gold', '--status', 'started')
        self.assertEqual('gold', self.show('plan-show', plan)['name'])
        (row,) = self.rows('plan-list', '--all-tenants', persona=_ADMIN)
        self.assertEqual(plan, row['Id'])
        self.karbor('plan-delete', plan)
        self.assertEqual([], self.rows('plan-list'))
        words = ('plan-create', 'p', site.PROVIDER, f'{share}={site.SHARE}=data')
        self.assertIn('snapshot_name', self.karbor(*words, status=1))

    def test_checkpoints(self):
        plan, _ = self.create_plan()
        words = ('checkpoint-create', site.PROVIDER, plan)
        made = self.show(*words, '--extra_info', 'why=upgrade', 'checked')
        self.assertEqual('protecting', made['status'])
        uuid = made['id']
        self.wait_for(f'{self.checkpoints}/{uuid}', 'available')
        (row,) = self.rows('checkpoint-list', site.PROVIDER)
        self.assertEqual((uuid, 'available'), (row['Id'], row['Status']))
        words = ('--plan_id', plan, '--start_date', made['created_at'][:10])
        self.assertEqual(1, len(self.rows('checkpoint-list', site.PROVIDER, *words)))
        shown = self.show('checkpoint-show', site.PROVIDER, uuid)
        self.assertIn("'why': 'upgrade'", shown['extra_info'])
        self.check_runs(uuid)
        said = self.karbor('checkpoint-reset-state', site.PROVIDER, uuid, status=1)
        self.assertIn('not allowed', said)
        self.karbor('checkpoint-reset-state', site.PROVIDER, uuid, persona=_ADMIN)
        self.karbor('checkpoint-delete', site.PROVIDER, uuid)
        self.wait_for(f'{self.checkpoints}/{uuid}', 404)
        self.assertEqual([], self.rows('checkpoint-list', site.PROVIDER))

    def check_runs(self, checkpoint):
        """Restore and verify a checkpoint, and read what was logged."""
        words = ('restore-create', site.PROVIDER, checkpoint)
        parameters = f'resource_type={site.SHARE},restore_name=again'
        made = self.show(*words, '--parameters', parameters)
        self.wait_for(f'/v1/restores/{made["id"]}', 'success')
        (row,) = self.rows('restore-list')
        self.assertEqual((made['id'], 'success'), (row['Id'], row['Status']))
        self.assertEqual('success', self.show('restore-show', made['id'])['status'])
        made = self.show('verification-create', site.PROVIDER, checkpoint)
        self.wait_for(f'/v1/verifications/{made["id"]}', 'success')
        (row,) = self.rows('verification-list')
        self.assertEqual((made['id'], 'success'), (row['Id'], row['Status']))
        shown = self.show('verification-show', made['id'])
        self.assertEqual('success', shown['status'])
        rows = self.rows('operationlog-list')
        self.assertEqual(
            {'protect', 'restore', 'verify'}, {row['Operation Type'] for row in rows}
        )
        shown = self.show('operationlog-show', rows[0]['Id'])
        self.assertEqual(checkpoint, shown['checkpoint_id'])

    def test_triggers(self):
        words = ('trigger-create', 'nightly', 'time')
        made = self.show(*words, 'pattern=0 2 * * *,format=crontab,window=60')
        uuid = made['id']
        self.assertIn('0 2 * * *', self.karbor('trigger-show', uuid))
        calendar = r'BEGIN:VEVENT\nRRULE:FREQ=WEEKLY;INTERVAL=2;\nEND:VEVENT'
        self.show(*words, f'format=calendar,pattern={calendar}')
        (row,) = self.rows('trigger-list', '--limit', '1', '--sort', 'created_at:asc')
        self.assertEqual((uuid, 'nightly', 'time'), (*list(row.values())[:3],))
        self.assertEqual(2, len(self.rows('trigger-list', '--name', 'nightly')))
        self.show('trigger-update', uuid, '--name', 'hourly')
        words = ('trigger-update', uuid, '--properties', 'pattern=0 * * * *,window=9')
        self.assertEqual('hourly', self.show(*words)['name'])
        (row,) = self.rows('trigger-list', '--name', 'hourly', '--type', 'time')
        self.assertEqual(uuid, row['Id'])
        said = self.karbor(
            'trigger-update', uuid, '--properties', 'pattern=61 * * * *', status=1
        )
        self.assertIn('minute', said)
        self.check_scheduled_operations(uuid)
        self.karbor('trigger-delete', uuid)
        self.assertEqual(1, len(self.rows('trigger-list')))

    def check_scheduled_operations(self, trigger):
        plan, _ = self.create_plan()
        definition = f'plan_id={plan},provider_id={site.PROVIDER}'
        words = ('scheduledoperation-create', 'keep three', 'retention_protect')
        printed = self.karbor(
            *words, trigger, f'{definition},max_backups=3,retention_duration=-1'
        )
        self.assertIn('"max_backups": 3', printed)
        made = clients.read_properties(printed)
        words = ('scheduledoperation-create', 'all', 'protect', trigger, definition)
        uuid = self.show(*words)['id']
        words = ('scheduledoperation-list', '--operation_type', 'protect')
        (row,) = self.rows(*words, '--trigger_id', trigger)
        self.assertEqual((uuid, 'all'), (row['Id'], row['Name']))
        shown = self.show('scheduledoperation-show', uuid)
        self.assertEqual((trigger, 'True'), (shown['trigger_id'], shown['enabled']))
        self.assertIn('in use', self.karbor('trigger-delete', trigger, status=1))
        self.karbor('scheduledoperation-delete', uuid, made['id'])
        self.assertEqual([], self.rows('scheduledoperation-list'))

    def test_services_and_quotas(self):
        (row,) = self.rows('service-list', persona=_ADMIN)
        self.assertEqual(('enabled', 'up'), (row['Status'], row['State']))
        words = ('service-disable', row['Id'], '--reason', 'new disks')
        (row,) = self.rows(*words, persona=_ADMIN)
        self.assertEqual('new disks', row['Disabled Reason'])
        (row,) = self.rows('service-enable', row['Id'], persona=_ADMIN)
        self.assertEqual('enabled', row['Status'])
        self.assertIn("Policy doesn't allow", self.karbor('service-list', status=1))

    def test_quotas(self):
        project = personas.PROJECT
        self.assertEqual('50', self.show('quota-show', '--tenant', project)['plans'])
        self.make_plan()
        said = self.karbor('quota-show', '--tenant', project, '--detail')
        self.assertRegex(said, r'(?s)plans +\| in_use = 1 .*limit = 50 .*reserved = 0')
        for words, plans in (
            (('quota-update', project, '--plans', '60'), '60'),
            (('quota-class-update', 'default', '--plans', '70'), '70'),
            (('quota-show', '--tenant', project), '60'),
            (('quota-defaults', '--tenant', project), '70'),
            (('quota-class-show', 'default'), '70'),
        ):
            self.assertEqual(plans, self.show(*words, persona=_ADMIN)['plans'])
