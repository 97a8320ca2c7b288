"""Which node an instance is put on, and what the machine is told."""

import ipaddress
import uuid as uuid_module

from mogan_like.instances import states
from mogan_like.instances.drivers import fake
from tests import fixtures
from tests import personas
from tests.functional.instances import instances_case


class PlacementCase(instances_case.InstancesCase):
    def create(self, client=None, flavor=None, **values):
        """The answer to a create."""
        body = {
            'name': 'n',
            'flavor_uuid': flavor or self.service.make_flavor(),
            'image_uuid': fixtures.IMAGE,
            **values,
        }
        return (client or self.member).post('/v1/instances', body)

    def place(self, *args, **kwargs):
        """The uuids of a new instance and its node."""
        answer = self.create(*args, **kwargs)
        self.assertEqual(202, answer.status, answer)
        uuid = answer.body['uuid']
        self.service.wait_for(uuid, states.ACTIVE)
        return uuid, self.row(uuid).node_uuid

    def assert_no_node(self, answer, *names):
        """No node was found, and the message says what for."""
        self.assert_refused(answer, 409, 'NoValidNode')
        for name in names:
            self.assertIn(name, answer.body['error_message'])
        self.assertEqual(0, self.used(personas.PROJECT))

    def set_maintenance(self, node, maintenance, reason=None):
        """The answer to a change of a node's maintenance."""
        body = {'maintenance': maintenance}
        if reason:
            body['maintenance_reason'] = reason
        return self.admin.patch(f'/v1/nodes/{node}', body)

    def nodes(self):
        """The uuids of all nodes."""
        return [row.uuid for row in self.rows(instances_case.NODES)]

    def delete(self, uuid):
        self.assertEqual(202, self.member.delete(f'/v1/instances/{uuid}').status)
        self.service.wait_for(uuid, states.DELETED)


class MatchTest(PlacementCase):
    options = {
        'fake__nodes': 2,
        'fake__node_properties': {
            'cpus': '16',
            'cpu_arch': 'x86_64',
            'availability_zone': 'az1',
        },
    }

    def test_node_has_the_flavors_class_and_all_its_properties(self):
        make = self.service.make_flavor
        for values, *names in (
            ({'resource_class': 'gold'}, 'gold'),
            ({'resource_class': 'BAREMETAL'}, 'BAREMETAL'),
            ({'properties': {'cpus': '17'}}, 'cpus=17'),
            ({'properties': {'cpus': '16', 'gpu': '1'}}, 'cpus=16', 'gpu=1'),
            # All three databases tell these apart.
            ({'properties': {'cpu_arch': 'X86_64'}}, 'cpu_arch=X86_64'),
            ({'properties': {'CPUS': '16'}}, 'CPUS=16'),
        ):
            self.assert_no_node(self.create(flavor=make(**values)), *names)
        _uuid, node = self.place(
            flavor=make(properties={'cpus': '16', 'cpu_arch': 'x86_64'})
        )
        self.assertIn(node, self.nodes())

    def test_zone_is_a_property_of_nodes(self):
        self.assert_no_node(
            self.create(availability_zone='az2'), 'availability_zone=az2'
        )
        uuid, _node = self.place(availability_zone='az1')
        shown = self.member.get(f'/v1/instances/{uuid}').body
        self.assertEqual('az1', shown['availability_zone'])

    def test_wanted_node_is_the_admins_to_name_and_must_fit(self):
        one, two = self.nodes()
        answer = self.create(node_uuid=one)
        self.assert_refused(answer, 403, 'PolicyNotAuthorized')
        gold = self.service.make_flavor(resource_class='gold')
        for values in (
            {'node_uuid': str(uuid_module.uuid4())},
            {'node_uuid': one, 'flavor': gold},
        ):
            answer = self.create(self.admin, **values)
            self.assert_no_node(answer, values['node_uuid'])
        for node in (two, one):
            uuid, placed = self.place(self.admin, node_uuid=node)
            self.assertEqual(node, placed)
            answer = self.create(self.admin, node_uuid=node)
            self.assert_refused(answer, 409, 'NoValidNode')
            # The admin sees where it is, its owner does not.
            path = f'/v1/instances/{uuid}'
            self.assertEqual(node, self.admin.get(path).body['node_uuid'])

    def test_flavor_that_is_disabled_or_gone_makes_no_instances(self):
        flavor = self.service.make_flavor()
        uuid, _node = self.place(flavor=flavor)
        path = f'/v1/flavors/{flavor}'
        self.assertEqual(200, self.admin.patch(path, {'disabled': True}).status)
        answer = self.create(flavor=flavor)
        self.assert_refused(answer, 400, 'InvalidParameter')
        self.assertEqual(200, self.admin.patch(path, {'disabled': False}).status)
        self.place(flavor=flavor)
        self.assertEqual(204, self.admin.delete(path).status)
        answer = self.create(flavor=flavor)
        self.assert_refused(answer, 400, 'InvalidParameter')
        # What was made from it stays, and says so.
        shown = self.member.get(f'/v1/instances/{uuid}').body
        self.assertEqual(flavor, shown['flavor_uuid'])


class MaintenanceTest(PlacementCase):
    options = {'fake__nodes': 2}

    def test_node_in_maintenance_gets_no_instance(self):
        one, two = self.nodes()
        self.set_maintenance(one, True, 'fans')
        uuid, node = self.place()
        self.assertEqual(two, node)
        self.assert_no_node_left(self.create())
        answer = self.create(self.admin, node_uuid=one)
        self.assert_no_node_left(answer)
        # An instance stays where it is, and its node is then not given on.
        self.assertEqual(200, self.set_maintenance(two, True).status)
        self.assertEqual(states.ACTIVE, self.row(uuid).status)
        self.delete(uuid)
        self.assert_no_node_left(self.create())
        self.set_maintenance(two, False)
        _uuid, node = self.place()
        self.assertEqual(two, node)

    def assert_no_node_left(self, answer):
        self.assert_refused(answer, 409, 'NoValidNode')

    def test_end_of_maintenance_frees_no_node_that_has_an_instance(self):
        uuid, node = self.place()
        for maintenance in (True, True, False, False):
            self.assertEqual(200, self.set_maintenance(node, maintenance).status)
            self.assertEqual({node: uuid}, self.taken_nodes())
        answer = self.create(self.admin, node_uuid=node)
        self.assert_no_node_left(answer)


class MachineTest(PlacementCase):
    """What the machine is told, and that nothing of it stays."""

    def machine(self, node):
        state = fake.FakeDriver().state
        with state.lock():
            return state.read(f'nodes/{node}')

    def test_machine_is_told_all_that_was_asked_for(self):
        made = self.member.post('/v1/keypairs', {'name': 'k'}).body
        network = str(uuid_module.uuid4())
        uuid, node = self.place(
            key_name='k', user_data='c2VjcmV0', networks=[{'net_id': network}]
        )
        # The machine was told the key; that it goes changes nothing.
        self.assertEqual(204, self.member.delete('/v1/keypairs/k').status)
        machine = self.machine(node)
        self.assertEqual(
            (made['public_key'], 'c2VjcmV0', fixtures.IMAGE),
            (machine['public_key'], machine['user_data'], machine['image']),
        )
        shown = self.member.get(f'/v1/instances/{uuid}')
        self.assertEqual([{'net_id': network}], shown.body['networks'])
        ((address,),) = shown.body['addresses'].values()
        self.assertIn(network, shown.body['addresses'])
        self.assertIn(
            ipaddress.ip_address(address['addr']), ipaddress.ip_network('192.0.2.0/24')
        )
        self.assertNotIn(b'c2VjcmV0', shown.raw)
        self.delete(uuid)
        self.assertIsNone(self.machine(node))
        row = self.row(uuid)
        self.assertEqual(
            (None, None, None), (row.user_data, row.public_key, row.node_uuid)
        )

    def test_key_of_another_user_is_not_there(self):
        self.service.client(personas.MANAGER).post('/v1/keypairs', {'name': 'k'})
        answer = self.create(key_name='k')
        self.assert_refused(answer, 400, 'InvalidParameter')

    def test_what_the_driver_cannot_honour_is_refused_by_name(self):
        answer = self.create(networks=[{'port_id': str(uuid_module.uuid4())}])
        self.assert_refused(answer, 400, 'FieldNotSupported')
        self.assertIn('networks.port_id', answer.body['error_message'])
        self.assertEqual([], self.rows(instances_case.INSTANCES))
        self.assertEqual({}, self.taken_nodes())

    def test_rebuild_writes_the_image_that_was_asked_for(self):
        uuid, node = self.place()
        other = str(uuid_module.uuid4())
        path = f'/v1/instances/{uuid}'
        for body, image in (
            ({'target': 'rebuild'}, fixtures.IMAGE),
            ({'target': 'rebuild', 'image_uuid': other}, other),
        ):
            self.assertEqual(
                202, self.member.put(f'{path}/states/provision', body).status
            )
            self.service.wait_for(uuid, states.ACTIVE)
            self.assertEqual(image, self.machine(node)['image'])
            self.assertEqual(image, self.member.get(path).body['image_uuid'])
