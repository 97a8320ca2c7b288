"""Base of tests on reservations of hosts."""

import dataclasses
import datetime
import itertools
import uuid as uuid_module

import fixtures
from oslo_db import exception as db_exc
import sqlalchemy as sa
from sqlalchemy import event

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.instances import states as instance_states
from mogan_like.instances.store import instances as instance_store
from mogan_like.instances.store import nodes
from mogan_like.leases import models
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins import host as host_plugin
from tests.unit.leases import host_case

HOUR = datetime.timedelta(hours=1)
PROJECT = 'p' * 32


class Instances:
    """Stands for the InstancesManager; notes what it is asked for.

    :ivar refusals: {uuid: what its delete raises}
    """

    def __init__(self):
        self.calls = []
        self.refusals = {}

    def create(self, ctx, instance):
        self.calls.append(('create', instance, ctx))
        row = {
            **instance,
            'uuid': str(uuid_module.uuid4()),
            'project_id': ctx.project_id,
            'user_id': ctx.user_id,
            'metadata': '{}',
            'networks': '[]',
            'addresses': '{}',
        }
        del row['key_name']
        with engine.writer() as conn:
            nodes.take(
                conn,
                row['uuid'],
                'metal',
                {},
                row['node_uuid'],
                nodes.Reserved(row['reservation_uuid'], ctx.project_id),
            )
            instance_store.insert(conn, row)

    def unlock(self, ctx, uuid, holder):
        self.calls.append(('unlock', uuid, holder, ctx))
        with engine.writer() as conn:
            instance_store.unlock(conn, uuid, holder)

    def delete(self, ctx, uuid):
        self.calls.append(('delete', uuid, ctx))
        if uuid in self.refusals:
            raise self.refusals[uuid]
        with engine.writer() as conn:
            if not instance_store.transition(conn, uuid, 'delete'):
                raise exception.OperationNotPermitted(
                    action='delete', uuid=uuid, reason='it is locked.'
                )


class PluginMixin(host_case.HostMixin):
    """The plugin on an empty database; mix into a DatabaseCase."""

    plugin_class = host_plugin.HostPlugin
    #: What reservations ask for, unless a test says otherwise.
    values: dict = {'min': 1, 'max': 1}

    def setUp(self):
        super().setUp()
        self.instances = Instances()
        self.woken = 0
        self.plugin = self.plugin_class()
        self.plugin.setup(self.instances, self.wake)
        #: Dates of tests are hours after this.
        self.zero = clock.utcnow() + HOUR

    def wake(self):
        self.woken += 1

    def make_reservation(self, start=0, end=1, **values):
        """A reservation that is not planned yet, for some hours."""
        uuid = str(uuid_module.uuid4())
        return base.Reservation(
            uuid,
            f'lease of {uuid}'[:36],
            'a lease',
            PROJECT,
            'user',
            self.zero + start * HOUR,
            self.zero + end * HOUR,
            self.check(**values),
        )

    def check(self, **values):
        values = {**self.values, **values}
        return self.in_transaction(self.plugin.check_values, values)

    @engine.retried
    def plan(self, reservation):
        """Reserve in a transaction of its own."""
        return self.in_transaction(self.plugin.reserve_resource, reservation)

    def reserve(self, *args, **values):
        """A reservation that is planned."""
        reservation = self.make_reservation(*args, **values)
        self.plan(reservation)
        return reservation

    def start(self, reservation, **changes):
        """What on_start answers, or the Waiting that it raises."""
        try:
            return self.plugin.on_start(self.make_call(reservation, **changes))
        except base.Waiting as exc:
            return exc

    def end(self, reservation, **changes):
        """What on_end answers, or the Waiting that it raises."""
        try:
            return self.plugin.on_end(self.make_call(reservation, **changes))
        except base.Waiting as exc:
            return exc

    def make_call(self, reservation, **changes):
        return base.Call(reservation, **changes)

    @engine.retried
    def change(self, before, started=False, **changes):
        """Update a reservation; (the plan, the reservation as it is to be)."""
        before = dataclasses.replace(before, started=started)
        values = changes.pop('values', None)
        for name in ('start_date', 'end_date'):
            if name in changes:
                changes[name] = self.zero + changes[name] * HOUR
        if values is not None:
            changes['values'] = self.check(**{**before.values, **values})
        after = dataclasses.replace(before, **changes)
        plan = self.in_transaction(self.plugin.update_reservation, before, after)
        return plan, after

    def put_instance(self, number, reservation, status='ACTIVE', **values):
        """An instance of the reservation on node n-<number>; its uuid."""
        uuid = str(uuid_module.uuid4())
        row = {
            'uuid': uuid,
            'name': f'instance on n-{number}',
            'project_id': PROJECT,
            'user_id': 'user',
            'flavor_uuid': 'f',
            'node_uuid': f'uuid-{number}',
            'reservation_uuid': reservation.uuid,
            'metadata': '{}',
            'networks': '[]',
            'addresses': '{}',
        }
        self.in_transaction(instance_store.insert, row)
        self.set(
            instance_store.models.INSTANCES, {'uuid': uuid}, status=status, **values
        )
        self.set_node(number, instance_uuid=uuid)
        return uuid

    def lock_instance(self, uuid, holder):
        self.set(
            instance_store.models.INSTANCES,
            {'uuid': uuid},
            status=instance_states.LOCKED,
            locked_by=holder,
            lock_reason='disk swap',
            locked_at=datetime.datetime(2026, 1, 2),
        )

    def remove_instance(self, uuid):
        """It is gone, as at the end of its delete."""
        now = clock.utcnow()
        self.set(
            instance_store.models.INSTANCES,
            {'uuid': uuid},
            status='DELETED',
            deleted=1,
            deleted_at=now,
            node_uuid=None,
        )
        self.set(host_case.NODES, {'instance_uuid': uuid}, instance_uuid=None)

    def allocated(self, reservation, released=0):
        """The names of the hosts that a reservation is allocated, sorted."""
        names = {row['node_uuid']: row['name'] for row in self.rows(models.HOSTS)}
        return sorted(
            names[row['node_uuid']]
            for row in self.rows(
                models.ALLOCATIONS, reservation_uuid=reservation.uuid, released=released
            )
        )

    def given(self, reservation):
        """The names of the nodes that a reservation has, sorted."""
        rows = self.rows(host_case.NODES, reservation_uuid=reservation.uuid)
        return sorted(row['name'] for row in rows)

    def assert_not_enough(self, *args, **values):
        """The message of a reservation that is refused."""
        error = self.assertRaises(
            exception.NotEnoughResources, self.reserve, *args, **values
        )
        return str(error)


class Counter(fixtures.Fixture):
    """Notes the statements of all engines."""

    def _setUp(self):
        self.statements = []
        event.listen(sa.Engine, 'before_cursor_execute', self._note)
        self.addCleanup(event.remove, sa.Engine, 'before_cursor_execute', self._note)

    def _note(self, _conn, _cursor, statement, *_rest):
        if not statement.startswith(('BEGIN', 'SAVEPOINT', 'RELEASE')):
            self.statements.append(statement)


class Killer(fixtures.Fixture):
    """Ends what comes to its n-th statement.

    :ivar fired: True once it did
    """

    def __init__(self, number):
        self._left = number
        self.fired = False

    def _setUp(self):
        # oslo.db logs what it does not know.
        self.useFixture(fixtures.FakeLogger())
        event.listen(sa.Engine, 'before_cursor_execute', self._count)
        self.addCleanup(event.remove, sa.Engine, 'before_cursor_execute', self._count)

    def _count(self, _conn, _cursor, statement, *_rest):
        # oslo.db begins a transaction of SQLite by a statement.
        self._left -= statement != 'BEGIN'
        if not self._left:
            self.fired = True
            raise RuntimeError('killed')


def kill_each(do):
    """Call ``do``, killed at its first statement, its second, and so on.

    Yields after each; the last one was not killed.
    """
    for number in itertools.count(1):
        with Killer(number) as killer:
            try:
                do()
            except db_exc.DBError:
                # As oslo.db passes on what a listener raises.
                if not killer.fired:
                    raise
        yield number
        if not killer.fired:
            return
