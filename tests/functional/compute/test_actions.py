"""What is done to a server: power, rebuild, and what is refused."""

import fixtures as testfixtures

from mogan_like.instances.drivers import fake
from tests import fixtures
from tests import personas
from tests.functional.compute import compute_case

_OTHER_IMAGE = 'c1f1c5b5-0c3e-4b5f-9d9d-3f0a5f3d8e21'


class ActionsTest(compute_case.ComputeCase):
    def test_power(self):
        uuid, targets = self.service.make_instance(), self.watch_targets()
        for action, terms, status, recorded, target in (
            # As Nova's: its operating system is asked first.
            ('os-stop', None, 'STOPPED', 'stop', 'soft_off'),
            ('os-start', None, 'ACTIVE', 'start', 'on'),
            ('reboot', {'type': 'SOFT'}, 'ACTIVE', 'reboot', 'soft_reboot'),
            ('reboot', {'type': 'soft'}, 'ACTIVE', 'reboot', 'soft_reboot'),
            ('reboot', {'type': 'Hard'}, 'ACTIVE', 'reboot', 'reboot'),
        ):
            answer = self.act(uuid, action, terms)
            self.assertEqual((202, b''), (answer.status, answer.raw))
            self.service.wait_for(uuid, status)
            newest = self.read(f'/servers/{uuid}/os-instance-actions')
            newest = newest['instanceActions'][0]
            self.assertEqual(recorded, newest['action'])
            self.assertEqual(
                answer.headers['x-compute-request-id'], newest['request_id']
            )
            self.assertEqual([target], targets)
            targets.clear()

    def watch_targets(self):
        """A list that grows by what the driver is told to switch machines to."""
        power, targets = fake.FakeDriver.power, []

        def watched(driver, job, node, instance_uuid, target):
            targets.append(target)
            return power(driver, job, node, instance_uuid, target)

        self.useFixture(
            testfixtures.MonkeyPatch(f'{fake.__name__}.FakeDriver.power', watched)
        )
        return targets

    def test_rebuild(self):
        uuid = self.service.make_instance()
        answer = self.act(uuid, 'rebuild', {'imageRef': _OTHER_IMAGE.upper()})
        self.assertEqual(202, answer.status, answer)
        server = answer.body['server']
        self.assertEqual(_OTHER_IMAGE, server['image']['id'])
        self.assertEqual({*self.show(uuid), 'user_data'}, {*server, 'progress'})
        self.service.wait_for(uuid, 'ACTIVE')
        more = ('x', 'name', 'description', 'metadata', 'key_name', 'hostname')
        for terms in (
            None,
            {},
            {'imageRef': ''},
            *({'imageRef': _OTHER_IMAGE, name: 'x'} for name in more),
        ):
            answer = self.act(uuid, 'rebuild', terms)
            self.assert_fault(answer, 400, 'badRequest')

    def test_what_is_no_action(self):
        uuid = self.service.make_instance()
        path = f'{compute_case.SERVERS}/{uuid}/action'
        for body, message in (
            ({'frob': None}, 'There is no such action: frob'),
            ({'lock': None, 'unlock': None}, 'Malformed request body'),
            ({}, 'Malformed request body'),
            ({'reboot': None}, None),
            ({'reboot': {'type': 'COLD'}}, None),
            ([], None),
        ):
            answer = self.member.post(path, body)
            self.assert_fault(answer, 400, 'badRequest', message)
        self.assert_fault(self.member.get(path), 405, 'badMethod')

    def test_what_the_state_forbids(self):
        uuid = self.service.make_instance()
        for state, action, terms, words in (
            ('ACTIVE', 'os-start', None, "'start' instance {} while it is in vm_state"
             ' active'),
            ('STOPPED', 'reboot', {'type': 'HARD'}, "'reboot' instance {} while it is "
             'in vm_state stopped'),
            ('STOPPED', 'lock', None, "'lock' instance {} while it is in vm_state "
             'stopped'),
            ('ACTIVE', 'unlock', None, "'unlock' instance {} while it is in vm_state "
             'active'),
            ('REBUILDING', 'os-stop', None, "'stop' instance {} while it is in "
             'task_state rebuilding'),
        ):  # fmt: skip
            self.put(uuid, state)
            self.assert_fault(
                self.act(uuid, action, terms),
                409,
                'conflictingRequest',
                f'Cannot {words.format(uuid)}',
            )
        self.put(uuid, 'LOCKED')
        for action, terms in (
            ('os-stop', None),
            ('os-start', None),
            ('reboot', {'type': 'SOFT'}),
            ('rebuild', {'imageRef': fixtures.IMAGE}),
        ):
            for client in (self.member, self.admin):
                self.assert_fault(
                    self.act(uuid, action, terms, client),
                    409,
                    'conflictingRequest',
                    f'Instance {uuid} is locked',
                )
        self.put(uuid, 'ACTIVE')
        # /v1 says the same in its own words.
        self.service.lock(uuid)
        answer = self.member.delete(f'/v1/instances/{uuid}')
        self.assert_refused(answer, 403, 'OperationNotPermitted')


class LockTest(compute_case.ComputeCase):
    """Who holds a lock, and who releases it."""

    def setUp(self):
        super().setUp()
        self.uuid = self.service.make_instance()
        self.reader = self.service.client(personas.READER)
        self.project_admin = self.service.client(personas.PROJECT_ADMIN)

    def holder(self):
        return self.row(self.uuid).locked_by

    def test_a_member_holds_as_owner_and_releases(self):
        answer = self.act(self.uuid, 'lock', {'locked_reason': 'mine'})
        self.assertEqual((202, b''), (answer.status, answer.raw))
        self.assertEqual('owner', self.holder())
        server = self.show(self.uuid)
        self.assertEqual(
            (True, 'mine', 'ACTIVE'),
            (server['locked'], server['locked_reason'], server['status']),
        )
        # Another member of the project is an owner as well.
        manager = self.service.client(personas.MANAGER)
        self.assertEqual(202, self.act(self.uuid, 'unlock', client=manager).status)
        self.assertIsNone(self.show(self.uuid)['locked_reason'])

    def test_an_admin_is_one_in_the_own_project_too(self):
        for client in (self.admin, self.project_admin):
            self.assertEqual(202, self.act(self.uuid, 'lock', client=client).status)
            self.assertEqual('admin', self.holder())
            self.assert_fault(
                self.act(self.uuid, 'unlock'),
                403,
                'forbidden',
                "Policy doesn't allow os_compute_api:os-lock-server:unlock:"
                'unlock_override to be performed.',
            )
            self.assertEqual(202, self.act(self.uuid, 'unlock', client=client).status)

    def test_an_admin_releases_an_owners_lock(self):
        self.act(self.uuid, 'lock')
        self.assertEqual(202, self.act(self.uuid, 'unlock', client=self.admin).status)
        self.assertIsNone(self.holder())

    def test_a_second_lock_names_the_holder(self):
        for client, holder, others in (
            (self.member, 'owner', (self.member,)),
            (self.admin, 'admin', (self.member, self.admin, self.project_admin)),
        ):
            self.act(self.uuid, 'lock', {'locked_reason': 'first'}, client)
            for other in others:
                answer = self.act(self.uuid, 'lock', {'locked_reason': 'x'}, other)
                message = self.assert_fault(answer, 409, 'conflictingRequest')
                self.assertIn(f'locked by an {holder} since 20', message)
                self.assertEqual('first', self.show(self.uuid)['locked_reason'])
            self.act(self.uuid, 'unlock', client=self.admin)

    def test_an_admin_takes_over_an_owners_lock(self):
        self.act(self.uuid, 'lock', {'locked_reason': 'mine'})
        answer = self.act(self.uuid, 'lock', {'locked_reason': 'fans'}, self.admin)
        self.assertEqual(202, answer.status)
        self.assertEqual('admin', self.holder())
        self.assertEqual('fans', self.show(self.uuid)['locked_reason'])

    def test_who_may_only_look_may_not(self):
        for action in ('lock', 'unlock'):
            answer = self.act(self.uuid, action, client=self.reader)
            self.assert_fault(
                answer,
                403,
                'forbidden',
                "Policy doesn't allow instance:lock_own to be performed.",
            )
        other = self.service.client(personas.OTHER_MEMBER)
        answer = self.act(self.uuid, 'lock', client=other)
        self.assert_fault(answer, 404, 'itemNotFound')

    def test_what_was_done_is_found_by_its_request(self):
        done = [self.act(self.uuid, verb) for verb in ('lock', 'lock', 'unlock')]
        path = f'/servers/{self.uuid}/os-instance-actions'
        for answer, action, result in zip(
            done,
            ('lock', 'lock', 'unlock'),
            ('Success', 'Error', 'Success'),
            strict=True,
        ):
            request = answer.headers['x-compute-request-id']
            shown = self.read(f'{path}/{request}')['instanceAction']
            (event,) = shown['events']
            self.assertEqual(
                (action, f'api_{action}', result),
                (shown['action'], event['event'], event['result']),
            )
        answer = self.member.get(f'/v2.1{path}/req-nope')
        self.assert_fault(answer, 404, 'itemNotFound', 'Action req-nope not found')
