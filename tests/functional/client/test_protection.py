"""Commands about protection."""

import json

from tests import personas
from tests.functional import clients
from tests.functional.client import client_case
from tests.functional.protection import protection_case
from tests.functional.protection import site

_ADMIN = client_case.ADMIN


class ProtectionTest(
    client_case.CommandsMixin, clients.ClientsMixin, protection_case.ProtectionCase
):
    def protect(self, *words, **kwargs):
        return self.read('protection', *words, **kwargs)

    def create_plan(self, name='nightly'):
        """The ids of a new plan and of its share."""
        share = self.make_share()
        words = ('plan', 'create', name, '--resource', f'{site.SHARE}={share}=data')
        parameters = json.dumps({site.SHARE: protection_case.OPTIONS})
        made = self.protect(*words, '--parameters', parameters)
        return made['id'], share

    def test_inventory(self):
        share = self.make_share()
        types = [row['Type'] for row in self.protect('protectable', 'list')]
        self.assertIn(site.SHARE, types)
        (row,) = self.protect('protectable', 'list', site.SHARE, '--limit', '5')
        self.assertEqual((share, 'data'), (row['ID'], row['Name']))
        shown = self.protect('protectable', 'show', site.PROJECT_TYPE)
        self.assertIn(site.SHARE, shown['dependent_types'])
        shown = self.protect('protectable', 'show', site.SHARE, share)
        self.assertEqual('data', shown['name'])
        shown = self.protect('protectable', 'show', site.SHARE, 'data')
        self.assertEqual(share, shown['id'])
        (row,) = self.protect('provider', 'list')
        self.assertEqual((site.PROVIDER, 'shares'), (row['ID'], row['Name']))
        shown = self.protect('provider', 'show', 'shares')
        self.assertIn(site.SHARE, shown['extended_info_schema']['options_schema'])
        told = self.refuse('protection', 'provider', 'show', 'none')
        self.assertIn('There is no provider none', told)

    def test_one_plan_is_made_when_an_answer_is_lost(self):
        proxy = self.lose_answers()
        proxy.lost['POST'] = 1
        plan, _share = self.create_plan()
        (row,) = self.protect('plan', 'list')
        self.assertEqual(plan, row['ID'])
        first, second = proxy.keys
        self.assertEqual(first, second)

    def test_plans(self):
        plan, share = self.create_plan()
        (row,) = self.protect('plan', 'list', '--status', 'suspended')
        self.assertEqual((plan, 'nightly'), (row['ID'], row['Name']))
        words = ('protection', 'plan', 'set', 'nightly', '--name', 'gold')
        self.run_words(*words, '--status', 'started')
        shown = self.protect('plan', 'show', 'gold')
        self.assertEqual(
            ('started', share), (shown['status'], shown['resources'][0]['id'])
        )
        self.check_names_of_resources(share)
        (row,) = self.protect('plan', 'list', '--all-projects', persona=_ADMIN)
        self.assertEqual(plan, row['ID'])
        words = ('protection', 'plan', 'show', plan)
        self.assertIn('no plan', self.refuse(*words, persona=client_case.OTHER))
        told = self.refuse('protection', 'plan', 'delete', 'none', 'gold')
        self.assertIn('1 of 2 failed:\nnone: There is no plan none', told)
        self.assertEqual([], self.protect('plan', 'list'))
        words = ('plan', 'create', 'p', '--resource', f'{site.SHARE}={share}')
        told = self.refuse('protection', *words, '--provider', 'none')
        self.assertIn('no provider none', told)
        told = self.run_words('protection', *words, '--parameters', '{', status=2)
        self.assertIn('is not JSON', told)

    def check_names_of_resources(self, share):
        words = ('protection', 'plan', 'set', 'gold', '--resource')
        for resource, name in (('data=home', 'home'), ('data', 'data')):
            self.run_words(*words, f'{site.SHARE}={resource}')
            (held,) = self.protect('plan', 'show', 'gold')['resources']
            self.assertEqual((share, name), (held['id'], held['name']))
        told = self.refuse(*words, f'{site.SHARE}=none')
        self.assertIn('There is no resource none that you may see', told)

    def test_checkpoints(self):
        plan, _ = self.create_plan()
        words = ('checkpoint', 'create', 'nightly', '--property', 'why=upgrade')
        made = self.protect(*words, '--wait')
        shown = (made['status'], made['extra_info']['why'])
        self.assertEqual(('available', 'upgrade'), shown)
        uuid = made['id']
        (row,) = self.protect('checkpoint', 'list', '--plan', 'nightly')
        self.assertEqual((uuid, 'nightly'), (row['ID'], row['Plan']))
        words = ('checkpoint', 'list', '--status', 'error', '--provider', 'shares')
        self.assertEqual([], self.protect(*words))
        words = ('checkpoint', 'list', '--all-projects', '--limit', '1')
        (row,) = self.protect(*words, persona=_ADMIN)
        self.assertEqual(personas.PROJECT, row['Project ID'])
        words = ('checkpoint', 'list', '--provider', protection_case.NOT_THERE)
        self.assertEqual([], self.protect(*words))
        self.check_runs(uuid)
        words = ('protection', 'checkpoint', 'set', uuid, '--status', 'error')
        self.assertIn("doesn't allow", self.refuse(*words))
        self.run_words(*words, persona=_ADMIN)
        self.assertEqual('error', self.protect('checkpoint', 'show', uuid)['status'])
        words = ('protection', 'checkpoint', 'delete', protection_case.NOT_THERE)
        told = self.refuse(*words, uuid, '--wait')
        self.assertIn('1 of 2 failed', told)
        self.assertIn('There is no checkpoint', told)
        self.assertEqual([], self.protect('checkpoint', 'list'))
        words = ('protection', 'checkpoint', 'copy', 'nightly', '--to', 'shares')
        self.assert_named(self.refuse(*words))

    def check_runs(self, checkpoint):
        parameters = json.dumps({site.SHARE: {'restore_name': 'again'}})
        words = ('restore', 'create', checkpoint, '--parameters', parameters)
        made = self.protect(*words, '--wait')
        self.assertEqual('success', made['status'])
        (row,) = self.protect('restore', 'list', '--status', 'success')
        self.assertEqual(made['id'], row['ID'])
        shown = self.protect('restore', 'show', made['id'])
        self.assertEqual(checkpoint, shown['checkpoint_id'])
        (share,) = shown['resources_restored'].values()
        shown = self.protect('protectable', 'show', site.SHARE, share)
        self.assertEqual('again', shown['name'])
        made = self.protect('verification', 'create', checkpoint, '--wait')
        self.assertEqual('success', made['status'])
        (row,) = self.protect('verification', 'list')
        shown = self.protect('verification', 'show', row['ID'])
        self.assertEqual(made['id'], shown['id'])
        rows = self.protect('log', 'list')
        self.assertEqual(
            {'protect', 'restore', 'verify'}, {row['Operation Type'] for row in rows}
        )
        shown = self.protect('log', 'show', rows[0]['ID'])
        self.assertEqual(checkpoint, shown['checkpoint_id'])

    def test_schedules(self):
        plan, _ = self.create_plan()
        words = ('trigger', 'create', 'night', '--crontab', '0 2 * * *')
        made = self.protect(*words, '--window', '60', '--timezone', 'Europe/Berlin')
        self.assertEqual('0 2 * * *', made['properties']['pattern'])
        words = ('protection', 'trigger', 'set', 'night', '--name', 'dawn')
        self.run_words(*words, '--crontab', '0 5 * * *')
        shown = self.protect('trigger', 'show', 'dawn')
        self.assertEqual('0 5 * * *', shown['properties']['pattern'])
        (row,) = self.protect('trigger', 'list', '--name', 'dawn')
        self.assertEqual(made['id'], row['ID'])
        words = ('trigger', 'create', 'week', '--calendar')
        rule = r'BEGIN:VEVENT\nRRULE:FREQ=WEEKLY;INTERVAL=2;\nEND:VEVENT'
        self.assertIn('FREQ', str(self.protect(*words, rule)))
        words = ('schedule', 'create', 's', '--plan', 'nightly', '--trigger', 'dawn')
        made = self.protect(*words, '--keep', '3', '--keep-days', '9', '--disable')
        self.assertEqual('retention_protect', made['operation_type'])
        wanted = {'plan_id': plan, 'max_backups': 3, 'max_backup_duration': 9}
        self.assertLessEqual(wanted.items(), made['operation_definition'].items())
        words = ('protection', 'schedule', 'set', 's', '--enable', '--name', 't')
        self.run_words(*words, '--description', 'd')
        shown = self.protect('schedule', 'show', 't')
        self.assertEqual((True, 'd'), (shown['enabled'], shown['description']))
        self.assertIsNotNone(shown['next_run_at'])
        (row,) = self.protect('schedule', 'list', '--trigger', 'dawn')
        self.assertEqual(made['id'], row['ID'])
        told = self.refuse('protection', 'trigger', 'delete', 'dawn')
        self.assert_named(told)
        self.run_words('protection', 'schedule', 'delete', 't')
        self.run_words('protection', 'trigger', 'delete', 'dawn', 'week')
        self.assertEqual([], self.protect('trigger', 'list'))

    def test_services(self):
        (row,) = self.protect('service', 'list', persona=_ADMIN)
        self.assertEqual(('enabled', 'up'), (row['Status'], row['State']))
        words = ('protection', 'service', 'set', str(row['ID']))
        self.run_words(*words, '--disable', '--disable-reason', 'x', persona=_ADMIN)
        (row,) = self.protect('service', 'list', persona=_ADMIN)
        self.assertEqual(('disabled', 'x'), (row['Status'], row['Disabled Reason']))
        told = self.refuse(*words, '--enable', '--disable-reason', 'x', persona=_ADMIN)
        self.assertIn('goes with --disable', told)
        words = ('protection', 'service', 'set', row['Host'], '--enable')
        self.run_words(*words, persona=_ADMIN)
        told = self.refuse(*words[:3], 'nowhere', '--enable', persona=_ADMIN)
        self.assertIn('There is no service nowhere', told)
        told = self.refuse('protection', 'service', 'list', persona=personas.MEMBER)
        self.assertIn("doesn't allow", told)
