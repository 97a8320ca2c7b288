"""Base of tests on hosts, with nodes of their own."""

import uuid as uuid_module

from mogan_like.actions import models as actions_models
from mogan_like.common import context
from mogan_like.instances import models as instances_models
from mogan_like.instances.drivers import base as driver_base
from mogan_like.instances.store import nodes
from mogan_like.leases import models
from mogan_like.leases.manager import hosts

NODES = instances_models.NODES


class HostMixin:
    """The manager of hosts on an empty database; mix into a DatabaseCase."""

    def setUp(self):
        super().setUp()
        self.hosts = hosts.HostsManager()

    def admin(self):
        return context.RequestContext(user_id='root', project_id='admins')

    def make_nodes(self, count, **values):
        """Nodes n-0, n-1 ... as a driver reports them."""
        values = {'resource_class': 'metal', 'properties': {}, **values}
        specs = [
            driver_base.NodeSpec(f'uuid-{number}', f'n-{number}', **values)
            for number in range(count)
        ]
        self.in_transaction(nodes.sync, specs)

    def make_host(self, number, **capabilities):
        """Open node n-<number>; the host's id, as text."""
        return self.hosts.create(self.admin(), f'n-{number}', capabilities)['id']

    def make_hosts(self, count, **capabilities):
        """Nodes with a host each; the hosts' ids, as text."""
        self.make_nodes(count)
        return [self.make_host(number, **capabilities) for number in range(count)]

    def set_node(self, number, **values):
        """Write columns of a node as others would have left them."""
        self.set(NODES, {'name': f'n-{number}'}, **values)

    def node(self, number):
        (row,) = self.rows(NODES, name=f'n-{number}')
        return row

    def set(self, table, where, **values):
        """Write columns of some rows."""
        self.in_transaction(
            lambda conn: conn.execute(
                table.update()
                .where(*(table.c[name] == value for name, value in where.items()))
                .values(**values)
            )
        )

    def allocate(self, host_id, start, end, **values):
        """An allocation of a host, as another lease's plan leaves it."""
        (host,) = self.rows(models.HOSTS, id=int(host_id))
        row = {
            'uuid': str(uuid_module.uuid4()),
            'host_id': host['id'],
            'node_uuid': host['node_uuid'],
            'reservation_uuid': str(uuid_module.uuid4()),
            'lease_uuid': str(uuid_module.uuid4()),
            'project_id': 'other',
            'start_date': start,
            'end_date': end,
            'released': 0,
            **values,
        }
        self.in_transaction(lambda conn: conn.execute(models.ALLOCATIONS.insert(), row))
        return row

    def audit(self, object_id):
        """[(type, action, result)] of an object, in their order."""
        rows = self.rows(actions_models.ACTIONS, object_id=object_id)
        return [(row['object_type'], row['action'], row['result']) for row in rows]
