"""The library, from a program."""

import fixtures as base
from openstack import exceptions

from mogan_like_client.sdk import sending
from tests import fixtures
from tests import personas
from tests.functional.client import client_case

_ADMIN = client_case.ADMIN
_LEASE = {
    'name': 'l',
    'start_date': '2098-01-01 00:00',
    'end_date': '2099-01-01 00:00',
    'reservations': [{'resource_type': 'dummy.vm.plugin'}],
}


class LibraryCase(client_case.ClientCase):
    def setUp(self):
        super().setUp()
        self.client = self.connect().baremetal_compute

    def create(self, name='web', **values):
        values = {'image_uuid': fixtures.IMAGE, **values}
        if 'flavor_uuid' not in values:
            values['flavor_uuid'] = self.service.make_flavor()
        return self.client.create_instance(name=name, **values)


class LibraryTest(LibraryCase):
    options = {'api__default_limit': 2, 'fake__nodes': 6}

    def test_page_after_page(self):
        flavor = self.service.make_flavor()
        for number in range(5):
            self.create(f'web-{number}', flavor_uuid=flavor)
        names = [each.name for each in self.client.instances()]
        self.assertEqual([f'web-{number}' for number in (4, 3, 2, 1, 0)], names)
        self.assertEqual(5, len(list(self.client.instances(limit=3))))
        self.assertEqual(5, len(list(self.client.instances(flavor_uuid=flavor))))
        self.assertEqual([], list(self.client.instances(locked=True)))

    def test_microversions(self):
        made = self.client.wait_for_instance(self.create())
        admin = self.connect(_ADMIN).baremetal_compute
        admin.lock_instance(made, reason='new disk')
        self.assertEqual('new disk', self.client.get_instance_lock(made).reason)
        self.assertEqual('1.6', self.client.get_instance(made.id).microversion)
        old = self.connect(baremetal_compute_default_microversion='1.1')
        with self.assertRaises(exceptions.NotFoundException):
            old.baremetal_compute.get_instance_lock(made)
        with self.assertRaises(exceptions.ForbiddenException):
            self.client.delete_instance(made)
        admin.unlock_instance(made)

    def test_waiters(self):
        seen = []
        made = self.create()
        found = self.client.wait_for_instance(
            made, tell=lambda each, _seconds: seen.append(each.status)
        )
        self.assertEqual('ACTIVE', found.status)
        self.assertLessEqual(set(seen), {'BUILDING'})
        with self.assertRaises(exceptions.ResourceFailure) as caught:
            self.client.wait_for_instance(made, 'STOPPED')
        self.assertEqual(f'instance web ({made.id}) is ACTIVE', str(caught.exception))
        request = self.client.stop_instance(made)
        action = self.client.wait_for_instance_action(made, request)
        self.assertEqual(('power_off', 'success'), (action.action, action.result))
        self.client.delete_instance(made)
        self.assertIsNone(self.client.wait_for_instance(made, None))
        lease = self.client.create_lease(**_LEASE)
        with self.assertRaises(exceptions.ResourceTimeout) as caught:
            self.client.wait_for_lease(lease, timeout=0.1)
        self.assertIn('Waited 0.1 s for lease', str(caught.exception))
        self.assertIn('is PENDING', str(caught.exception))
        self.client.end_lease(lease)
        self.client.wait_for_lease(lease, 'TERMINATED')

    def test_names_of_the_own_project_first(self):
        theirs = self.client.create_lease(**_LEASE)
        admin = self.connect(personas.ADMIN).baremetal_compute
        self.assertEqual(theirs.id, admin.find_lease('l').id)
        own = admin.create_lease(**_LEASE)
        self.assertEqual(own.id, admin.find_lease('l').id)
        self.client.create_lease(**_LEASE)
        with self.assertRaises(exceptions.DuplicateResource) as caught:
            self.client.find_lease('l')
        self.assertIn('There are 2 leases called l', str(caught.exception))
        web = self.create()
        self.assertEqual(web.id, admin.find_instance('web').id)

    def test_names_with_signs(self):
        for name in ('a', 'a#b', 'a?b', 'a%23b'):
            self.client.create_keypair(name=name)
        self.assertEqual('a?b', self.client.get_keypair('a?b').name)
        for name in ('a#b', 'a?b'):
            self.client.delete_keypair(name)
        left = [each.name for each in self.client.keypairs()]
        self.assertEqual(['a', 'a%23b'], sorted(left))
        kind = 'OS::Noop::Resource'
        self.assertEqual(kind, self.client.get_protectable_type(kind)['name'])
        for each in self.client.protectables(kind):
            self.assertEqual(kind, each.protectable_type)

    def test_a_change_of_one_thing(self):
        made = self.create(metadata={'a': 'b'})
        self.client.update_instance(made.id, name='app')
        found = self.client.find_instance('app')
        self.assertEqual(({'a': 'b'}, made.id), (found.metadata, found.id))
        # Nothing differs: nothing is sent, where an empty change is refused.
        self.client.update_instance(found, name='app')
        self.assertIsNone(self.client.find_instance('web', ignore_missing=True))


class LostAnswersTest(LibraryCase):
    def setUp(self):
        super().setUp()
        # What is sent again is told.
        self.useFixture(base.FakeLogger())
        self.proxy = self.lose_answers()
        self.client = self.connect(
            baremetal_compute_connect_retry_delay=0.01
        ).baremetal_compute

    def list_names(self):
        answer = self.member.get('/v1/instances')
        return [each['name'] for each in answer.body['instances']]

    def test_one_is_made(self):
        self.proxy.lost['POST'] = 2
        made = self.create()
        self.assertEqual(['web'], self.list_names())
        self.assertEqual(3, len(self.proxy.keys))
        self.assertEqual(1, len({*self.proxy.keys}))
        self.assertEqual(made.id, self.client.find_instance('web').id)
        self.create('app')
        self.assertEqual(2, len({*self.proxy.keys}))

    def test_one_lease_is_made(self):
        self.proxy.lost['POST'] = 1
        made = self.client.create_lease(**_LEASE)
        self.assertEqual([made.id], [each.id for each in self.client.leases()])
        first, second = self.proxy.keys
        self.assertEqual(first, second)

    def test_one_is_made_when_nobody_was_there_to_say_so(self):
        self.proxy.lost['POST'], self.proxy.status = 1, 503
        self.create()
        self.assertEqual(['web'], self.list_names())
        self.assertEqual(2, len(self.proxy.keys))

    def test_what_is_asked_of_an_instance_is_done_once(self):
        made = self.client.wait_for_instance(self.create())
        admin = self.connect(
            _ADMIN, baremetal_compute_connect_retry_delay=0.01
        ).baremetal_compute
        asked = {
            'reboot': self.client.reboot_instance,
            'rebuild': self.client.rebuild_instance,
            'power_off': self.client.stop_instance,
            'power_on': self.client.start_instance,
            'lock': admin.lock_instance,
            'unlock': admin.unlock_instance,
        }
        for name, ask in asked.items():
            self.proxy.lost['PUT'] = 1
            # Of the request whose answer was lost: that of the second did nothing.
            request = ask(made)
            action = self.client.wait_for_instance_action(made, request)
            self.assertEqual(name, action.action)
        actions = [each['action'] for each in self.service.list_actions(made.id)]
        self.assertEqual(['create', *asked], actions)

    def test_who_gave_up_can_ask_again(self):
        flavor = self.service.make_flavor()
        hasty = self.connect(baremetal_compute_connect_retries=0).baremetal_compute
        asked = {'name': 'web', 'flavor_uuid': flavor, 'image_uuid': fixtures.IMAGE}
        self.proxy.lost['POST'] = 1
        with self.assertRaises(sending.NoAnswer) as caught:
            hasty.create_instance(**asked)
        key = caught.exception.idempotency_key
        made = hasty.create_instance(**asked, idempotency_key=key)
        self.assertEqual(made.id, self.client.find_instance('web').id)
        self.assertEqual(['web'], self.list_names())

    def test_what_is_gone_was_wanted_to_be(self):
        flavor = self.service.make_flavor(name='small')
        admin = self.connect(_ADMIN).baremetal_compute
        self.proxy.lost['DELETE'] = 1
        admin.delete_flavor(flavor)
        self.assertEqual([], list(self.client.flavors()))

    def test_commands_do_the_same(self):
        self.proxy.lost['POST'] = 1
        flavor = self.service.make_flavor()
        words = ('--flavor', flavor, '--image', fixtures.IMAGE)
        made = self.read('instance', 'create', 'web', *words)
        self.assertEqual(['web'], self.list_names())
        self.assertEqual('web', made['name'])
        self.assertEqual(1, len({*self.proxy.keys}))


class OldTypeTest(LibraryCase):
    """In a catalogue that has the service as Mogan called it."""

    endpoint = ('baremetal_compute', '/v1')

    def test_is_found(self):
        made = self.client.wait_for_instance(self.create())
        self.assertEqual('1.6', self.client.get_instance(made.id).microversion)
        self.assertEqual(made.id, self.read('instance', 'show', 'web')['id'])

    def test_what_is_not_there_is_said(self):
        self.keystone.catalogue.clear()
        told = self.refuse('instance', 'list')
        self.assertIn('not present in the service catalog', told)
