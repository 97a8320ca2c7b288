"""Base of tests that put instances where they want them and read the rows."""

import concurrent.futures
import datetime
import uuid as uuid_module

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import quotas
from mogan_like.db.quotas import count as quota_count
from mogan_like.instances import models
from mogan_like.instances import states
from mogan_like.instances.drivers import fake
from mogan_like.instances.drivers import fake_machine
from tests import databases
from tests import fixtures
from tests import personas
from tests import services
from tests.functional import case

ACTIONS = actions_models.ACTIONS
EVENTS = actions_models.EVENTS
INSTANCES = models.INSTANCES
NODES = models.NODES
QUOTA_USAGES = quotas.QUOTA_USAGES
DUE_WORK = claims.DUE_WORK


class InstancesCase(case.FunctionalCase):
    """A test that looks behind the API.

    Its nodes are there when it begins.
    """

    def setUp(self):
        super().setUp()
        self.service.wait_for_nodes(self.options.get('fake__nodes', 4))

    def assert_same(self, expected, got):
        """Two dicts are the same; the message names only what is not."""
        wrong = {
            key: {'expected': expected.get(key), 'got': got.get(key)}
            for key in {**expected, **got}
            if expected.get(key) != got.get(key)
        }
        self.assertEqual({}, wrong)

    def rows(self, table, **where):
        """The rows of a table in the order of their keys."""
        with engine.reader() as conn:
            return databases.fetch(conn, table, where)

    def row(self, uuid):
        """The row of an instance."""
        (row,) = self.rows(INSTANCES, uuid=uuid)
        return row

    def audit(self, uuid):
        """[(action, result)] of an instance, in the order of their rows."""
        return [(row.action, row.result) for row in self.rows(ACTIONS, object_id=uuid)]

    def wait_for_audit(self, uuid, *expected):
        """Wait until the audit of an instance ends like this."""
        fixtures.wait_until(
            lambda: self.audit(uuid)[-len(expected) :] == list(expected),
            f'{uuid} to have {expected} in its audit',
        )

    def used(self, scope_id, resource='instances'):
        """What the quota says is in use."""
        rows = self.rows(QUOTA_USAGES, scope_id=scope_id, resource=resource)
        return rows[0].used if rows else 0

    def taken_nodes(self):
        """{node's uuid: instance's uuid} of nodes that have one."""
        return {
            row.uuid: row.instance_uuid
            for row in self.rows(NODES)
            if row.instance_uuid is not None
        }

    def make_instances(self, count, client=None, **values):
        """So many ACTIVE instances; their uuids."""
        flavor = self.service.make_flavor()

        def make(_number):
            return self.service.make_instance(
                client, wait=None, flavor_uuid=flavor, **values
            )

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            made = list(pool.map(make, range(count)))
        for uuid in made:
            self.service.wait_for(uuid, states.ACTIVE)
        return made

    def insert_instances(self, count, with_machines=False):
        """So many ACTIVE instances without a build: rows and nodes; their uuids.

        :param with_machines: the fake knows them too
        """
        uuids = [str(uuid_module.uuid4()) for _ in range(count)]
        nodes = [row for row in self.rows(NODES) if row.free][:count]
        now = clock.utcnow()
        with engine.writer() as conn:
            conn.execute(
                INSTANCES.insert(),
                [
                    {
                        'uuid': uuid,
                        'name': 'metal',
                        'project_id': personas.PROJECT,
                        'user_id': 'u',
                        'status': states.ACTIVE,
                        'flavor_uuid': fixtures.IMAGE,
                        'image_uuid': fixtures.IMAGE,
                        'node_uuid': node.uuid,
                        'metadata': '{}',
                        'networks': '[]',
                        'addresses': '{}',
                        'created_at': now,
                        'updated_at': now,
                        'deleted': 0,
                    }
                    for uuid, node in zip(uuids, nodes, strict=True)
                ],
            )
            for uuid, node in zip(uuids, nodes, strict=True):
                conn.execute(
                    NODES.update()
                    .where(NODES.c.id == node.id)
                    .values(free=0, instance_uuid=uuid)
                )
            quota_count.take(conn, personas.PROJECT, 'instances', count=count)
        if with_machines:
            for uuid, node in zip(uuids, nodes, strict=True):
                self._make_machine(uuid, node)
        return uuids

    @staticmethod
    def _make_machine(uuid, node):
        state = fake.FakeDriver().state
        fake_machine.Machine(state, node, uuid, 'build', uuid).claim()
        with state.lock():
            key = f'nodes/{node.uuid}'
            state.write(key, {**state.read(key), 'power': 'power on', 'built': True})

    def change(self, uuid, **values):
        """Write columns of an instance's row."""
        with engine.writer() as conn:
            conn.execute(
                INSTANCES.update().where(INSTANCES.c.uuid == uuid).values(values)
            )

    def put(self, uuid, status, locked_by='admin'):
        """Put an instance in a status, as if the verbs had led there."""
        values = {'status': status}
        if status == states.LOCKED:
            values |= {
                'locked_by': locked_by,
                'lock_user_id': 'somebody',
                'locked_at': clock.utcnow(),
            }
        if status == states.DELETED:
            values |= {'deleted': 1, 'deleted_at': clock.utcnow()}
        self.change(uuid, **values)
        if status in (states.STOPPED, states.POWERING_ON):
            self._switch_off(uuid)

    def lock_until(self, uuids, when):
        """Put instances under an admin's lock that ends then."""
        with engine.writer() as conn:
            conn.execute(
                INSTANCES.update()
                .where(INSTANCES.c.uuid.in_(uuids))
                .values(
                    status=states.LOCKED,
                    locked_by='admin',
                    locked_at=clock.utcnow(),
                    lock_expires_at=when,
                )
            )
            for uuid in uuids:
                claims.add(conn, 'lock_expiry', uuid, when)

    def _switch_off(self, uuid):
        """Make the fake's machine as it is when the instance is STOPPED."""
        state = fake.FakeDriver().state
        key = f'nodes/{self.row(uuid).node_uuid}'
        with state.lock():
            state.write(key, {**state.read(key), 'power': 'power off'})

    def leave_behind(self, uuid, status, action, ttl=1, attempts=1, payload=None):
        """Put an instance where a conductor that died has left it.

        :param ttl: seconds that the dead conductor's claim still holds
        :returns: the id of the action row, with one step left open
        """
        self.put(uuid, status)
        now = clock.utcnow()
        with engine.writer() as conn:
            action_id = conn.execute(
                ACTIONS.insert(),
                {
                    'object_type': 'instance',
                    'object_id': uuid,
                    'action': action,
                    'request_id': f'req-{uuid_module.uuid4()}',
                    'cause': 'user',
                    'started_at': now,
                    'updated_at': now,
                },
            ).inserted_primary_key[0]
            conn.execute(
                EVENTS.insert(),
                {
                    'action_id': action_id,
                    'event': f'{action}.left_open',
                    'started_at': now,
                    'host': 'dead',
                },
            )
            claim = claims.add(
                conn,
                'instance',
                uuid,
                now,
                {**(payload or {}), 'action_id': action_id},
                'dead',
                ttl,
            )
            conn.execute(
                DUE_WORK.update()
                .where(DUE_WORK.c.id == claim.id)
                .values(attempts=attempts)
            )
        return action_id

    def in_seconds(self, seconds):
        """A time from now on, as the API takes it."""
        when = clock.utcnow() + datetime.timedelta(seconds=seconds)
        return clock.isoformat(when)


def on_each_database(namespace, *mixins, base=InstancesCase):
    """Make a test class of each mixin for each database.

    :param namespace: ``globals()`` of the module
    :param base: what the mixins are mixed into
    """
    for mixin in mixins:
        for backend in services.DATABASES:
            name = f'{mixin.__name__}On{backend.title()}'
            namespace[name] = type(
                name,
                (mixin, base),
                {
                    'options': {**mixin.options, 'database': backend},
                    '__module__': namespace['__name__'],
                },
            )
