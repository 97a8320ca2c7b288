"""The inventory follows the driver; maintenance is the operator's."""

from mogan_like.instances import states
from tests import fixtures
from tests.functional.instances import instances_case


class NodesTest(instances_case.InstancesCase):
    options = {'fake__nodes': 3, 'instances__inventory_interval': 1}

    def show(self, uuid):
        return self.admin.get(f'/v1/nodes/{uuid}').body

    def set_option(self, name, value):
        """Change what the driver reports."""
        fixtures.CONF.set_override(name, value, group='fake')

    def wait_until_shown(self, uuid, **expected):
        fixtures.wait_until(
            lambda: expected.items() <= self.show(uuid).items(),
            f'node {uuid} to be {expected}',
        )

    def test_inventory_follows_the_driver(self):
        uuid = self.service.make_instance()
        node = self.row(uuid).node_uuid
        self.set_option('nodes', 0)
        listed = self.admin.get('/v1/nodes').body['nodes']
        for each in listed:
            self.wait_until_shown(each['uuid'], present=False)
        # The instance stays, and can be deleted; the node is then nobody's.
        self.assertEqual(uuid, self.show(node)['instance_uuid'])
        answer = self.member.delete(f'/v1/instances/{uuid}')
        self.assertEqual(202, answer.status)
        self.service.wait_for(uuid, states.DELETED)
        self.assertEqual({0}, {row.free for row in self.rows(instances_case.NODES)})
        self.set_option('nodes', 4)
        self.set_option('resource_class', 'gold')
        self.set_option('node_properties', {'cpus': '32'})
        self.wait_until_shown(
            node, present=True, resource_class='gold', properties={'cpus': '32'}
        )
        self.service.wait_for_nodes(4)
        gold = self.service.make_flavor(
            resource_class='gold', properties={'cpus': '32'}
        )
        self.service.make_instance(flavor_uuid=gold)

    def test_maintenance_has_a_reason_that_goes_with_it(self):
        node = self.admin.get('/v1/nodes').body['nodes'][0]['uuid']
        path = f'/v1/nodes/{node}'
        reason = {'maintenance': True, 'maintenance_reason': 'fans'}
        self.assertEqual(200, self.admin.patch(path, reason).status)
        self.assertEqual(
            (True, 'fans'), _pick(self.show(node), 'maintenance', 'maintenance_reason')
        )
        found = self.admin.get('/v1/nodes?maintenance=true').body['nodes']
        self.assertEqual([node], [each['uuid'] for each in found])
        # The inventory is looked at meanwhile, and leaves it as it is.
        self.set_option('node_properties', {'cpus': '8'})
        self.wait_until_shown(node, properties={'cpus': '8'})
        self.assertEqual(
            (True, 'fans'), _pick(self.show(node), 'maintenance', 'maintenance_reason')
        )
        free = [row.free for row in self.rows(instances_case.NODES, uuid=node)]
        self.assertEqual([0], free)
        self.assertEqual(200, self.admin.patch(path, {'maintenance': False}).status)
        self.assertEqual(
            (False, None), _pick(self.show(node), 'maintenance', 'maintenance_reason')
        )
        actions = self.admin.get('/v1/actions?object_type=node&sort_dir=asc').body
        self.assertEqual(
            [('start_maintenance', node), ('end_maintenance', node)],
            [(each['action'], each['object_id']) for each in actions['actions']],
        )


def _pick(body, *names):
    return tuple(body[name] for name in names)
