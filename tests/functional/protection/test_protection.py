"""Plans, checkpoints and what is done to them, over the API."""

import datetime
import json

from mogan_like.common import clock
from tests import fixtures
from tests import personas
from tests.functional.protection import protection_case
from tests.functional.protection import site


class InventoryTest(protection_case.ProtectionCase):
    def test_types(self):
        types = self.list('/v1/protectables', 'protectable_type')
        expected = [site.PROJECT_TYPE, site.SHARE, site.NOOP_TYPE]
        self.assertEqual(expected, types)
        shown = self.list(f'/v1/protectables/{site.PROJECT_TYPE}', 'protectable_type')
        expected = {'name': site.PROJECT_TYPE, 'dependent_types': [site.SHARE]}
        self.assertEqual(expected, shown)
        answer = self.member.get('/v1/protectables/OS::Nova::Server')
        self.assert_refused(answer, 404, 'ProtectableTypeNotFound')

    def test_instances_page_by_page(self):
        shares = sorted(self.make_share(f's{number}') for number in range(3))
        self.make_share(project=personas.OTHER_PROJECT)
        path = f'/v1/protectables/{site.SHARE}/instances'
        answer = self.member.get(f'{path}?limit=2')
        found = [each['id'] for each in answer.body['instances']]
        self.assertEqual(shares[:2], found)
        rest = self.member.get(answer.body['next'].removeprefix('http://localhost'))
        self.assertEqual(shares[2:], [each['id'] for each in rest.body['instances']])
        self.assertNotIn('next', rest.body)
        named = self.list(f'{path}?sort=name:desc', 'instances')
        self.assertEqual(['s2', 's1', 's0'], [each['name'] for each in named])

    def test_an_instance_knows_its_copies(self):
        share = self.make_share()
        path = f'/v1/protectables/{site.SHARE}/instances/{share}'
        shown = self.list(path, 'instance')
        self.assertEqual((share, site.SHARE, 'data'), (*list(shown.values())[:3],))
        checkpoint = self.make_checkpoint(self.make_plan(share))
        shown = self.list(path, 'instance')
        expected = {'checkpoints': 1, 'newest_checkpoint': checkpoint['id']}
        self.assertEqual(expected, shown['extra_info'])
        self.assert_refused(self.other.get(path), 404, 'ResourceNotFound')
        project = f'/v1/protectables/{site.PROJECT_TYPE}/instances/{personas.PROJECT}'
        (dependent,) = self.list(project, 'instance')['dependent_resources']
        self.assertEqual(share, dependent['id'])

    def test_providers(self):
        (provider,) = self.list('/v1/providers', 'providers')
        self.assertEqual((site.PROVIDER, 'shares'), (provider['id'], provider['name']))
        shown = self.list(f'/v1/providers/{site.PROVIDER}', 'provider')
        self.assertEqual(provider, shown)
        self.assertEqual([], self.list('/v1/providers?name=none', 'providers'))
        answer = self.member.get(f'/v1/providers/{protection_case.NOT_THERE}')
        self.assert_refused(answer, 404, 'ProviderNotFound')

    def test_services(self):
        (service,) = self.wait_for_services()
        self.assertEqual(('enabled', 'up'), (service['status'], service['state']))
        path = f'/v1/os-services/{service["id"]}'
        body = {'status': 'disabled', 'disabled_reason': 'new disks'}
        changed = self.ask(self.admin.put(path, body), 'service')
        self.assertEqual('new disks', changed['disabled_reason'])
        self.assertEqual('disabled', changed['status'])
        query = f'?host={service["host"]}&binary={service["binary"]}'
        (found,) = self.list(f'/v1/os-services{query}', 'services', self.admin)
        self.assertEqual('disabled', found['status'])
        changed = self.ask(self.admin.put(path, {'status': 'enabled'}), 'service')
        self.assertIsNone(changed['disabled_reason'])

    def wait_for_services(self):
        return fixtures.wait_until(
            lambda: self.list('/v1/os-services', 'services', self.admin), 'a service'
        )


class PlansTest(protection_case.ProtectionCase):
    def test_life(self):
        share = self.make_share()
        plan = self.make_plan(share, description='of all that counts')
        self.assertEqual('suspended', plan['status'])
        path = f'/v1/plans/{plan["id"]}'
        self.assertEqual(plan, self.list(path, 'plan'))
        body = {'plan': {'name': 'gold', 'status': 'started'}}
        changed = self.ask(self.member.put(path, body), 'plan')
        self.assertEqual(('gold', 'started'), (changed['name'], changed['status']))
        self.assertEqual([changed], self.list('/v1/plans?name=gold', 'plans'))
        self.assertEqual([], self.list('/v1/plans?status=suspended', 'plans'))
        for client in (self.other, self.admin):
            self.assert_refused(client.get(path), 404, 'PlanNotFound')
            self.assert_refused(client.put(path, body), 404, 'PlanNotFound')
            self.assert_refused(client.delete(path), 404, 'PlanNotFound')
        answer = self.member.delete(path)
        self.assertEqual((200, b''), (answer.status, answer.raw))
        self.assert_refused(self.member.delete(path), 404, 'PlanNotFound')

    def test_lists(self):
        share = self.make_share()
        made = [self.make_plan(share, name=f'p{n}')['id'] for n in range(3)]
        self.make_plan(client=self.other)
        found, path = [], '/v1/plans?sort=name:asc&limit=2'
        while path:
            page = self.member.get(path).body
            found += [plan['id'] for plan in page['plans']]
            path = page.get('next', '').removeprefix('http://localhost')
        self.assertEqual(made, found)
        every = self.list('/v1/plans?all_tenants=1', 'plans', self.admin)
        self.assertEqual(4, len(every))
        query = f'?project_id={personas.OTHER_PROJECT}&all_tenants=1'
        self.assertEqual(1, len(self.list(f'/v1/plans{query}', 'plans', self.admin)))
        answer = self.member.get('/v1/plans?all_tenants=1')
        self.assert_refused(answer, 403, 'PolicyNotAuthorized')

    def test_a_repeat_with_its_key_is_one(self):
        body = self.describe_plan(self.make_share())
        headers = {'Idempotency-Key': 'once'}
        made = [
            self.ask(self.member.post('/v1/plans', body, headers=headers), 'plan')
            for _ in range(2)
        ]
        self.assertEqual(made[0], made[1])
        self.assertEqual(1, len(self.list('/v1/plans', 'plans')))


class CheckpointsTest(protection_case.ProtectionCase):
    def test_life(self):
        share = self.make_share()
        plan = self.make_plan(share)
        made = self.make_checkpoint(plan, extra={'why': 'upgrade'})
        expected = {'created_by': 'manual', 'why': 'upgrade'}
        self.assertEqual(expected, made['extra_info'])
        self.assertEqual(plan['id'], made['protection_plan']['id'])
        self.assertEqual([share], self.read_graph(made))
        self.assertEqual([made], self.list(self.checkpoints, 'checkpoints'))
        path = f'{self.checkpoints}/{made["id"]}'
        for client in (self.other, self.admin):
            self.assert_refused(client.get(path), 404, 'CheckpointNotFound')
            self.assert_refused(client.delete(path), 404, 'CheckpointNotFound')
        elsewhere = path.replace(site.PROVIDER, protection_case.NOT_THERE)
        self.assert_refused(self.member.get(elsewhere), 404, 'CheckpointNotFound')
        answer = self.member.delete(path)
        self.assertEqual((200, {}), (answer.status, answer.body))
        self.wait_for(path, 404)
        self.assertEqual(
            [], self.site.manila.client(personas.PROJECT).share_snapshots.list()
        )

    @staticmethod
    def read_graph(checkpoint):
        """The ids of the resources in the graph."""
        resources, _ = json.loads(checkpoint['resource_graph'])
        return [each[1] for each in resources.values()]

    def test_filters(self):
        share = self.make_share()
        plans = [self.make_plan(share) for _ in range(2)]
        first, second = (self.make_checkpoint(plan)['id'] for plan in plans)
        self.assertEqual([second, first], self.list_ids(''))
        self.assertEqual([first, second], self.list_ids('?sort=created_at:asc'))
        self.assertEqual([first], self.list_ids(f'?plan_id={plans[0]["id"]}'))
        today = clock.utcnow().date()
        day = datetime.timedelta(days=1)
        self.assertEqual(2, len(self.list_ids(f'?end_date={today + day}')))
        self.assertEqual(2, len(self.list_ids(f'?start_date={today - day}')))
        self.assertEqual([], self.list_ids(f'?end_date={today - day}'))
        self.assertEqual([], self.list_ids(f'?start_date={today + day}'))
        self.assertEqual([], self.list_ids('?status=error'))
        self.assertEqual([first], self.list_ids(f'?marker={second}'))

    def list_ids(self, query):
        found = self.list(f'{self.checkpoints}{query}', 'checkpoints')
        return [each['id'] for each in found]

    def test_a_day_counts_to_its_end(self):
        made = self.make_checkpoint()
        day = made['created_at'][:10]
        self.assertEqual([made['id']], self.list_ids(f'?end_date={day}'))

    def test_reset(self):
        made = self.make_checkpoint(client=self.project_admin())
        path = f'{self.checkpoints}/{made["id"]}'
        for state in ('error', 'available'):
            body = {'os-resetState': {'state': state}}
            denied = self.member.put(path, body)
            self.assert_refused(denied, 403, 'PolicyNotAuthorized')
            answer = self.project_admin().put(path, body)
            self.assertEqual((200, {}), (answer.status, answer.body))
            self.wait_for(path, state)

    def project_admin(self):
        return self.service.client(personas.PROJECT_ADMIN)

    def test_all_shares_of_a_project(self):
        first = self.make_share()
        resources = [{'id': personas.PROJECT, 'type': site.PROJECT_TYPE, 'name': 'p'}]
        named = {f'{site.SHARE}#{first}': protection_case.OPTIONS}
        body = self.describe_plan(resources=resources, parameters=named)
        answer = self.member.post('/v1/plans', body)
        # A share that is made later would have none.
        self.assert_refused(answer, 400, 'InvalidParameter')
        self.assertIn('snapshot_name', str(answer.body))
        plan = self.make_plan(first, resources=resources)
        self.make_share('later')
        self.make_checkpoint(plan)
        snapshots = self.site.manila.client(personas.PROJECT).share_snapshots.list()
        self.assertEqual(2, len(snapshots))

    def test_restore_and_verify(self):
        checkpoint = self.make_checkpoint()
        password = 'not-to-be-kept'
        auth = {'type': 'password', 'username': 'u', 'password': password}
        restore = self.begin('restore', checkpoint, restore_auth=auth)
        self.assertEqual('in_progress', restore['status'])
        path = f'/v1/restores/{restore["id"]}'
        restore = self.wait_for(path, 'success')
        self.assertEqual({'available'}, {*restore['resources_status'].values()})
        self.assertNotIn(password, str(restore))
        self.assertEqual([restore], self.list('/v1/restores', 'restores'))
        verification = self.begin('verification', checkpoint)
        seen = f'/v1/verifications/{verification["id"]}'
        verification = self.wait_for(seen, 'success')
        listed = self.list('/v1/verifications', 'verifications')
        self.assertEqual([verification], listed)
        self.assert_refused(self.other.get(path), 404, 'RestoreNotFound')
        self.assert_refused(self.other.get(seen), 404, 'VerificationNotFound')
        mixed = path.replace('restores', 'verifications')
        self.assert_refused(self.member.get(mixed), 404, 'VerificationNotFound')
        self.check_logs(checkpoint, restore, verification)

    def check_logs(self, checkpoint, restore, verification):
        found = self.list('/v1/operation_logs?sort=started_at:asc', 'operation_logs')
        self.assertEqual(
            [
                ('protect', checkpoint['id'], None, None, 'success'),
                ('restore', checkpoint['id'], restore['id'], None, 'success'),
                ('verify', checkpoint['id'], None, verification['id'], 'success'),
            ],
            [
                (
                    log['operation_type'],
                    log['checkpoint_id'],
                    log['restore_id'],
                    log['verification_id'],
                    log['status'],
                )
                for log in found
            ],
        )
        path = f'/v1/operation_logs/{found[0]["id"]}'
        self.assertEqual(found[0], self.list(path, 'operation_log'))
        self.assert_refused(self.other.get(path), 404, 'OperationLogNotFound')
        query = f'?checkpoint_id={protection_case.NOT_THERE}'
        self.assertEqual([], self.list(f'/v1/operation_logs{query}', 'operation_logs'))


class ProjectInPathTest(protection_case.ProtectionCase):
    def test_own(self):
        self.make_plan()
        for path, key in (
            ('plans', 'plans'),
            ('protectables', 'protectable_type'),
            (f'providers/{site.PROVIDER}', 'provider'),
            ('restores', 'restores'),
            ('verifications', 'verifications'),
            ('operation_logs', 'operation_logs'),
            (f'quotas/{personas.PROJECT}', 'quota'),
        ):
            plain = self.list(f'/v1/{path}', key)
            self.assertEqual(plain, self.list(f'/v1/{personas.PROJECT}/{path}', key))

    def test_links_lead_on(self):
        share = self.make_share()
        for _ in range(2):
            self.make_plan(share)
        base = f'/v1/{personas.PROJECT}/plans'
        link = self.member.get(f'{base}?limit=1').body['next']
        self.assertTrue(link.startswith(f'http://localhost{base}?'), link)
        path = link.removeprefix('http://localhost')
        self.assertEqual(1, len(self.list(path, 'plans')))

    def test_other(self):
        for project in (personas.OTHER_PROJECT, 'x', 'frobnicate'):
            for client in (self.member, self.admin):
                answer = client.get(f'/v1/{project}/plans')
                self.assert_refused(answer, 400, 'MalformedUrl')
                self.assertEqual('Malformed request url', answer.body['error_message'])
        answer = self.member.get(f'/v1/{personas.PROJECT}/instances')
        self.assert_refused(answer, 404, 'NotFound')
        answer = self.member.get(f'/v1/{personas.PROJECT}')
        self.assert_refused(answer, 404, 'NotFound')
