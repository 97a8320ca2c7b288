"""What a lease contains and waits for, and how that is shown."""

import datetime

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.instances import models as instances_models
from mogan_like.leases import models
from mogan_like.leases.controllers import views
from mogan_like.leases.queries import allocations
from mogan_like.leases.queries import contents
from mogan_like.leases.queries import leases as queries
from tests.unit.db import db_case
from tests.unit.leases import lease_case

_WHEN = datetime.datetime(2026, 3, 1, 12)
_TEXT = '2026-03-01T12:00:00.000000'


class ContentsTests(lease_case.LeaseMixin):
    def setUp(self):
        super().setUp()
        self.uuid = self.create()['uuid']
        (reservation,) = self.reservations(self.uuid)
        self.reservation = reservation['uuid']

    def set_work(self, **values):
        self.set(claims.DUE_WORK, {'object_id': self.uuid}, **values)

    def waiting(self):
        """What the lease is shown to wait for."""
        with engine.reader() as conn:
            lease = queries.get(conn, self.uuid)
            reservations = queries.list_reservations(conn, [self.uuid])[self.uuid]
            return views.show_waiting(
                lease,
                queries.list_events(conn, [self.uuid])[self.uuid],
                contents.find_work(conn, self.uuid, reservations),
                contents.list_instances(conn, reservations),
            )

    def insert(self, table, **values):
        self.in_transaction(lambda conn: conn.execute(table.insert(), values))

    def insert_instance(self, name, reservation=None, **values):
        self.insert(
            instances_models.INSTANCES,
            **{
                'uuid': f'uuid-{name}',
                'name': name,
                'project_id': lease_case.PROJECT,
                'user_id': 'u',
                'status': 'ACTIVE',
                'flavor_uuid': 'f',
                'metadata': '{}',
                'networks': '[]',
                'addresses': '{}',
                'reservation_uuid': reservation or self.reservation,
                'created_at': _WHEN,
                'updated_at': _WHEN,
                'deleted': 0,
                **values,
            },
        )

    def test_waits_for_nothing_but_its_start(self):
        self.assertIsNone(self.waiting())

    def test_without_due_work(self):
        self.in_transaction(lambda conn: conn.execute(claims.DUE_WORK.delete()))
        self.bring_to(self.uuid, 'TERMINATED', end='DONE')
        self.assertIsNone(self.waiting())

    def test_a_start_that_failed(self):
        self.bring_to(self.uuid, 'ERROR', start='ERROR')
        self.set(models.EVENTS, {'event_type': 'start_lease'}, time=_WHEN)
        self.set_work(error='no power', attempts=3, until=_WHEN)
        self.assertEqual(
            {
                'reason': 'no power',
                'since': _TEXT,
                'next_try': _TEXT,
                'attempts': 3,
                'instances': [],
                'nodes': [],
            },
            self.waiting(),
        )

    def test_somebody_is_at_it(self):
        self.bring_to(self.uuid, 'STARTING', start='IN_PROGRESS')
        self.assertIn('taken it up', self.waiting()['reason'])
        self.set_work(owner='somebody')
        found = self.waiting()
        self.assertIn('is at it', found['reason'])
        self.assertIsNone(found['next_try'])

    def test_what_is_due_and_nobody_takes_up(self):
        self.set_work(due_at=_WHEN, until=_WHEN)
        found = self.waiting()
        self.assertIn('taken it up', found['reason'])
        self.assertEqual((_TEXT, _TEXT), (found['since'], found['next_try']))
        self.set_work(until=clock.utcnow())
        self.assertIsNone(self.waiting())

    def test_an_end_names_instances_under_an_admins_lock(self):
        self.bring_to(self.uuid, 'TERMINATING', end='IN_PROGRESS')
        self.set_work(error='locked', waits_on='uuid-held', until=claims.NEVER)
        lock = {'status': 'LOCKED', 'locked_at': _WHEN, 'lock_reason': 'fan'}
        self.insert_instance('held', locked_by='admin', **lock)
        self.insert_instance('own', locked_by='owner', **lock)
        self.insert_instance('other', reservation='r', locked_by='admin', **lock)
        self.insert_instance('free')
        found = self.waiting()
        self.assertIsNone(found['next_try'])
        self.assertEqual(
            [
                {
                    'uuid': 'uuid-held',
                    'name': 'held',
                    'locked_by': 'admin',
                    'locked_at': _TEXT,
                    'reason': 'fan',
                }
            ],
            found['instances'],
        )
        # At once, whatever the end was told to wait for.
        self.insert_instance('also', locked_by='admin', **lock)
        self.assertEqual(
            ['also', 'held'], sorted(row['name'] for row in self.waiting()['instances'])
        )

    def test_instances_that_are_deleted_are_not_there(self):
        self.insert_instance('one')
        self.insert_instance('gone', deleted=1, deleted_at=_WHEN)
        with engine.reader() as conn:
            reservations = queries.list_reservations(conn, [self.uuid])[self.uuid]
            found = contents.list_instances(conn, reservations)
            self.assertEqual([], contents.list_instances(conn, []))
        self.assertEqual(['one'], [row.name for row in found])

    def test_allocations_with_their_hosts_also_of_those_that_are_none(self):
        self.insert(
            models.HOSTS,
            id=7,
            node_uuid='n-7',
            name='rack-7',
            generation=1,
            created_at=_WHEN,
            updated_at=_WHEN,
        )
        for number, (host, released) in enumerate(((7, 0), (8, 1))):
            self.insert(
                models.ALLOCATIONS,
                uuid=str(number),
                host_id=host,
                node_uuid=f'n-{host}',
                reservation_uuid=self.reservation,
                lease_uuid=self.uuid,
                project_id='p',
                start_date=_WHEN,
                end_date=_WHEN,
                released=released,
            )
        with engine.reader() as conn:
            rows = allocations.list_of_leases(conn, [self.uuid])[self.uuid]
        shown = [views.show_allocation(row, with_node=True) for row in rows]
        self.assertEqual(
            [('7', 'n-7', 'rack-7', False), ('8', 'n-8', None, True)],
            [
                (
                    each['host_id'],
                    each['node_uuid'],
                    each['hypervisor_hostname'],
                    each['released'],
                )
                for each in shown
            ],
        )
        hidden = views.show_allocation(rows[0], with_node=False)
        for name in ('host_id', 'node_uuid', 'hypervisor_hostname'):
            self.assertIsNone(hidden[name])
        self.assertEqual(_TEXT, hidden['start_date'])

    def test_a_row_is_shown_as_the_conductors_copy_of_it(self):
        plain = self.manager.update(self.ctx(), self.uuid, {'name': 'other'})
        with engine.reader() as conn:
            row = queries.get(conn, self.uuid)
            groups = (
                queries.list_reservations(conn, [self.uuid]),
                queries.list_events(conn, [self.uuid]),
            )
            of_row = views.show(
                row._mapping,
                *([each._mapping for each in group[self.uuid]] for group in groups),
            )
        self.assertEqual(views.show_plain(plain), of_row)
        (reservation,) = of_row['reservations']
        self.assertEqual((1, self.uuid), (reservation['size'], reservation['lease_id']))
        self.assertEqual(
            {'start_lease', 'end_lease'}, {e['event_type'] for e in of_row['events']}
        )

    def test_values_do_not_hide_our_own_fields(self):
        requested = '{"id": 1, "status": "mine", "size": 2}'
        self.set(models.RESERVATIONS, {'lease_uuid': self.uuid}, requested=requested)
        with engine.reader() as conn:
            (row,) = conn.execute(sa.select(*queries.RESERVATION)).all()
        view = views.show(dict.fromkeys(('uuid', *views._LEASE)), [row._mapping], [])[
            'reservations'
        ][0]
        self.assertEqual(
            (self.reservation, 'pending', 2), (view['id'], view['status'], view['size'])
        )


db_case.on_each(globals(), ContentsTests)
