"""The service as the model of leases looks at it: managers, steps by hand, rows."""

import contextlib
import datetime
import types
import uuid as uuid_module

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common.config import CONF
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.db import quotas
from mogan_like.db import tables
from mogan_like.instances import build
from mogan_like.instances import models as instances_models
from mogan_like.instances.drivers import base as driver_base
from mogan_like.instances.manager import instances
from mogan_like.instances.store import instances as instance_store
from mogan_like.instances.store import nodes
from mogan_like.leases import models
from mogan_like.leases.events import jobs
from mogan_like.leases.manager import hosts
from mogan_like.leases.manager import leases
from mogan_like.leases.plugins import dummy
from mogan_like.leases.plugins import host

PROJECT = 'p' * 32
_HOSTS = 3


def empty(conn):
    """Leave no row in any table."""
    for table in reversed(tables.METADATA.sorted_tables):
        conn.execute(table.delete())


class _Broken(Exception):
    """The plugin cannot do it."""


class _DummyPlugin(dummy.DummyPlugin):
    """Notes its calls, and fails as long as it is to.

    :ivar failing: the verbs
    """

    def __init__(self):
        super().__init__()
        self.failing = set()
        self.calls = []

    def on_start(self, call):
        self._call('on_start', call)

    def on_end(self, call):
        self._call('on_end', call)

    def _call(self, verb, call):
        self.calls.append((verb, call.started))
        if verb in self.failing:
            raise _Broken(verb)


class _HostPlugin(host.HostPlugin):
    """Notes its calls."""

    def __init__(self, calls):
        super().__init__()
        self.calls = calls

    def on_start(self, call):
        self.calls.append(('on_start', call.started))
        return super().on_start(call)

    def on_end(self, call):
        self.calls.append(('on_end', call.started))
        super().on_end(call)


class _Engine:
    """Due work that somebody else does."""

    def nudge(self):
        return

    def supersede(self, kind, object_id):
        return

    @contextlib.contextmanager
    def admit(self):
        yield types.SimpleNamespace(owner=None, ttl=0)


class Site:
    """Hosts, managers and steps, on the empty database of a test."""

    def __init__(self, case):
        self._case = case
        self.ttl = datetime.timedelta(seconds=CONF.conductor.claim_ttl)
        self.dummy = _DummyPlugin()
        self.host = _HostPlugin(self.dummy.calls)
        self.instances = instances.InstancesManager(_Engine(), None)
        self.host.setup(self.instances, lambda: None)
        self._plugins = {each.resource_type: each for each in (self.dummy, self.host)}
        self.manager = leases.LeasesManager(_Engine(), self._plugins, {})
        self.start_engine()
        self.hosts = [f'n-{number}' for number in range(_HOSTS)]
        specs = [
            driver_base.NodeSpec(f'uuid of {n}', n, 'metal', {}) for n in self.hosts
        ]
        case.in_transaction(nodes.sync, specs)
        for name in self.hosts:
            hosts.HostsManager().create(self.ctx(), name, {})

    def start_engine(self):
        """A conductor that knows nothing of the one before."""
        self.jobs = jobs.LeaseJobs(self._plugins, {})

    def ctx(self):
        return context.RequestContext(user_id='u1', project_id=PROJECT)

    def renew(self, works):
        """A conductor that lives keeps its claims."""
        held = [work.claim for work in works]
        ttl = self.ttl.total_seconds()
        self._case.assertEqual(
            [], list(self._case.in_transaction(claims.renew, held, ttl))
        )

    def call(self, work):
        """Make the one call of a step."""
        self.dummy.calls.clear()
        work.start(lambda task: task.run(), lambda done: None)

    def check_call(self, step, started):
        """It was the right one, once."""
        verb = 'on_end' if step == 'end' else 'on_start'
        self._case.assertEqual([(verb, started)], self.dummy.calls)

    def create(self, kind, start, end, count):
        """A lease with one reservation; its uuid."""
        values = {'min': count, 'max': count} if count else {'note': 0}
        body = {
            'name': 'a lease',
            'start_date': clock.isoformat(start),
            'end_date': clock.isoformat(end),
            'reservations': [{'resource_type': kind, **values}],
        }
        return self.manager.create(self.ctx(), body)['uuid']

    def update(self, uuid, values):
        """Other dates."""
        texts = {name: clock.isoformat(value) for name, value in values.items()}
        self.manager.update(self.ctx(), uuid, texts)

    def update_values(self, uuid, note):
        """Another note; True when it is another one."""
        (row,) = self._case.rows(models.RESERVATIONS, lease_uuid=uuid)
        values = [{'id': row['uuid'], 'note': note}]
        self.manager.update(self.ctx(), uuid, {'reservations': values})
        return f'"note":{note}' not in row['requested']

    def put_instance(self, name, lease_uuid):
        """An instance on a host of a lease; its uuid."""
        uuid = str(uuid_module.uuid4())
        (reservation,) = self._case.rows(models.RESERVATIONS, lease_uuid=lease_uuid)
        row = {
            'uuid': uuid,
            'name': f'instance on {name}',
            'project_id': PROJECT,
            'user_id': 'u1',
            'flavor_uuid': 'f',
            'reservation_uuid': reservation['uuid'],
            'metadata': '{}',
            'networks': '[]',
            'addresses': '{}',
        }
        self._case.in_transaction(self._put_instance, name, row)
        return uuid

    def _put_instance(self, conn, name, row):
        place = nodes.Reserved(row['reservation_uuid'], PROJECT)
        node_uuid = f'uuid of {name}'
        nodes.take(conn, row['uuid'], 'metal', {}, node_uuid, place)
        instance_store.insert(conn, {**row, 'node_uuid': node_uuid})
        table = instances_models.INSTANCES
        conn.execute(
            table.update().where(table.c.uuid == row['uuid']).values(status='ACTIVE')
        )

    def remove_instance(self, uuid):
        """Its delete is done, as build does it."""
        self._case.in_transaction(_remove_instance, uuid)

    def list_hosts(self, lease_uuid):
        """Names of the hosts that a lease has."""
        rows = self._case.rows(models.ALLOCATIONS, lease_uuid=lease_uuid, released=0)
        return {row['node_uuid'].removeprefix('uuid of ') for row in rows}

    def list_given(self, lease_uuid):
        """Names of the nodes that were given to a lease."""
        (row,) = self._case.rows(models.RESERVATIONS, lease_uuid=lease_uuid)
        found = self._case.rows(instances_models.NODES, reservation_uuid=row['uuid'])
        return {node['name'] for node in found}

    def get_due(self, uuid):
        """The row of due work of a lease, or None."""
        rows = self._case.rows(claims.DUE_WORK, object_id=uuid)
        return rows[0] if rows else None

    def dump(self):
        """All that there is of leases."""
        watched = (
            models.LEASES,
            models.RESERVATIONS,
            models.EVENTS,
            models.ALLOCATIONS,
            claims.DUE_WORK,
            actions_models.ACTIONS,
            instances_models.NODES,
        )
        return {table.name: self._case.rows(table) for table in watched}

    def check(self, model):
        """All rows are what the model says."""
        rows = {table: self._group(table, key) for table, key in _KEYS.items()}
        given = {}
        for node in self._case.rows(instances_models.NODES):
            given.setdefault(node['reservation_uuid'], set()).add(node['name'])
        for uuid, lease in model.leases.items():
            of = {table: rows[table].get(uuid, []) for table in _KEYS}
            (reservation,) = of[models.RESERVATIONS]
            wanted = {host for host, owner in model.given.items() if owner is lease}
            self._case.assertEqual(
                {**_describe(lease), 'given': wanted},
                {**_read(of), 'given': given.get(reservation['uuid'], set())},
            )

    def _group(self, table, key):
        found = {}
        for row in self._case.rows(table):
            found.setdefault(row[key], []).append(row)
        return found

    def check_audit(self, uuid, lease):
        """Every action is closed, and each step has one that succeeded."""
        rows = self._case.rows(actions_models.ACTIONS, object_id=uuid)
        found = [(row['action'], row['result']) for row in rows]
        self._case.assertNotIn(None, [result for _, result in found], found)
        self._case.assertEqual(1, found.count(('create', 'success')), found)
        done = found.count(('start', 'success'))
        self._case.assertEqual(lease.done['start'], done, found)
        self._case.assertIn(('delete', 'success'), found)

    def check_nothing_left(self):
        """No lease holds or uses anything."""
        self._case.assertEqual([], self._case.rows(claims.DUE_WORK))
        self._case.assertEqual([], self._case.rows(models.ALLOCATIONS, released=0))
        for node in self._case.rows(instances_models.NODES):
            self._case.assertIsNone(node['reservation_uuid'])
        with engine.reader() as conn:
            for resource in ('leases', 'reserved_nodes'):
                used = quotas.get_used(conn, PROJECT, resource)
                self._case.assertIn(used, (None, 0), resource)


#: Which column of a table has the lease's uuid.
_KEYS = {
    models.LEASES: 'uuid',
    models.RESERVATIONS: 'lease_uuid',
    models.EVENTS: 'lease_uuid',
    models.ALLOCATIONS: 'lease_uuid',
    claims.DUE_WORK: 'object_id',
}


def _read(of):
    """The same of a lease's rows as :func:`_describe` of the model's lease."""
    (row,), (reservation,) = of[models.LEASES], of[models.RESERVATIONS]
    events = {e['event_type']: (e['status'], e['result']) for e in of[models.EVENTS]}
    due = of[claims.DUE_WORK][0] if of[claims.DUE_WORK] else {}
    return {
        'status': row['status'],
        'deleted': bool(row['deleted']),
        'dates': (row['start_date'], row['end_date']),
        'reservation': reservation['status'],
        'started': bool(reservation['started']),
        'unsettled': bool(reservation['unsettled']),
        'start_event': events['start_lease'],
        'end_event': events['end_lease'],
        'hosts': {
            each['node_uuid'].removeprefix('uuid of ')
            for each in of[models.ALLOCATIONS]
            if not each['released']
        },
        'claimed': due.get('owner') is not None,
        'due': due.get('until'),
    }


def _remove_instance(conn, uuid):
    instance_store.mark_deleted(conn, uuid)
    claims.remove(conn, build.INSTANCE, uuid)
    nodes.give_back(conn, uuid)
    claims.wake(conn, uuid)


def _describe(lease):
    claimed = lease.claim is not None
    return {
        'status': lease.status,
        'deleted': lease.deleted,
        'dates': (lease.start, lease.end),
        'reservation': lease.reservation,
        'started': lease.started,
        'unsettled': lease.unsettled,
        'start_event': lease.start_event,
        'end_event': lease.end_event,
        'hosts': lease.hosts,
        'claimed': claimed,
        'due': lease.until if claimed else lease.due,
    }
