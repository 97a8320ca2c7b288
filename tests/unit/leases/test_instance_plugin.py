"""Instances that leases make: one on each node, once."""

import dataclasses
import threading

import orjson

from mogan_like.common import exception
from mogan_like.instances import models as instances_models
from mogan_like.instances.store import flavors
from mogan_like.instances.store import keypairs
from mogan_like.leases.plugins import base
from mogan_like.leases.plugins import instance as instance_plugin
from tests import racing
from tests.unit.db import db_case
from tests.unit.leases import host_plugin_case

FLAVOR = 'f2f1d3a8-6c0e-4d0b-9d7b-0f4f9f1c2f11'
IMAGE = 'b2f1d3a8-6c0e-4d0b-9d7b-0f4f9f1c2f11'


class InstanceCase(host_plugin_case.PluginMixin):
    plugin_class = instance_plugin.InstancePlugin
    values = {'flavor_id': FLAVOR, 'image_uuid': IMAGE}

    def setUp(self):
        super().setUp()
        self.make_flavor()

    def make_flavor(self, uuid=FLAVOR, **values):
        row = {
            'uuid': uuid,
            'name': uuid,
            'resource_class': 'metal',
            'properties': '{}',
            'is_public': True,
            'disabled': False,
            **values,
        }
        self.in_transaction(flavors.insert, row)

    def change_flavor(self, **values):
        self.set(instances_models.FLAVORS, {'uuid': FLAVOR}, **values)

    def live(self, reservation):
        """{node's name: its instance's row}."""
        rows = self.rows(
            instances_models.INSTANCES, reservation_uuid=reservation.uuid, deleted=0
        )
        return {row['node_uuid'].replace('uuid', 'n'): row for row in rows}

    def refuse(self, **values):
        """The message of values that are refused."""
        return str(self.assertRaises(exception.InvalidParameter, self.check, **values))


class ValuesTests(InstanceCase):
    @db_case.logic
    def test_what_is_kept(self):
        self.assertEqual(
            {
                'flavor_id': FLAVOR,
                'image_uuid': IMAGE,
                'amount': 2,
                'name': None,
                'networks': [],
                'key_name': None,
                'resource_properties': '',
                'before_end': None,
            },
            self.check(amount='2', vcpus='', memory_mb=None, affinity='None'),
        )

    @db_case.logic
    def test_sizes_are_refused_with_a_word_on_what_to_give(self):
        for name in ('vcpus', 'memory_mb', 'disk_gb'):
            for value in (4, '4'):
                message = self.refuse(**{name: value})
                self.assertIn(f'{name}: machines are asked for by their fl', message)
                self.assertIn('give flavor_id and image_uuid instead', message)
        self.assertIn('a node of its own', self.refuse(affinity=True))

    @db_case.logic
    def test_refusals(self):
        for name in ('flavor_id', 'image_uuid'):
            values = {**self.values}
            del values[name]
            error = self.assertRaises(
                exception.InvalidParameter,
                self.in_transaction,
                self.plugin.check_values,
                values,
            )
            self.assertIn(f'{name}: it is required', str(error))
        for values, expected in (
            ({'flavor_id': IMAGE}, f'flavor {IMAGE} could not be found'),
            ({'amount': '10001'}, 'amount: it is more than 10000'),
            ({'resource_properties': '['}, 'resource_properties: it is not JSON'),
        ):
            self.assertIn(expected, self.refuse(**values))
        self.change_flavor(disabled=True)
        self.assertIn('could not be found', self.refuse())

    @db_case.logic
    def test_a_key_is_the_owners(self):
        self.make_hosts(1)
        reservation = self.make_reservation(key_name='mine')
        error = self.assertRaises(exception.InvalidParameter, self.plan, reservation)
        self.assertIn('keypair mine could not be found', str(error))
        self.in_transaction(
            keypairs.insert,
            {
                'user_id': 'user',
                'name': 'mine',
                'type': 'ssh',
                'fingerprint': 'x',
                'public_key': 'y',
            },
        )
        self.plan(reservation)


class MakeTests(InstanceCase):
    def test_an_instance_on_each_node_in_the_name_of_the_owner(self):
        self.make_hosts(3)
        reservation = self.reserve(amount=2, name='web', networks=[{'net_id': IMAGE}])
        for _ in range(2):
            self.assertEqual(base.Plan(), self.start(reservation))
        live = self.live(reservation)
        self.assertEqual(self.allocated(reservation), sorted(live))
        self.assertEqual(
            ['web-1', 'web-2'], sorted(row['name'] for row in live.values())
        )
        self.assertEqual(2, len(self.instances.calls))
        for _, instance, ctx in self.instances.calls:
            self.assertEqual([{'net_id': IMAGE}], instance['networks'])
            self.assertEqual(
                ('user', reservation.project_id, 'lease', reservation.lease_uuid),
                (ctx.user_id, ctx.project_id, ctx.cause, ctx.cause_id),
            )

    @db_case.logic
    def test_it_is_called_like_the_lease(self):
        self.make_hosts(1)
        reservation = dataclasses.replace(self.make_reservation(), lease_name='l' * 255)
        self.plan(reservation)
        self.start(reservation)
        (row,) = self.live(reservation).values()
        self.assertEqual('l' * 240, row['name'])

    def test_nodes_are_those_that_the_flavor_fits(self):
        self.make_nodes(2, properties={'cpus': '16'})
        self.make_host(0, gpu='true')
        self.make_host(1)
        fitting = [
            ({'resource_class': 'other'}, []),
            ({'properties': orjson.dumps({'cpus': '8'}).decode()}, []),
            # Placement knows nothing of what was added to a host.
            ({'properties': orjson.dumps({'gpu': 'true'}).decode()}, []),
            ({'properties': orjson.dumps({'cpus': '16'}).decode()}, ['n-0', 'n-1']),
        ]
        for values, names in fitting:
            self.change_flavor(**{'resource_class': 'metal', **values})
            candidates = self.in_transaction(
                self.plugin.allocation_candidates, self.make_reservation()
            )
            self.assertEqual(names, sorted(candidates), values)
        self.reserve(resource_properties='["=", "$gpu", "true"]')
        self.assert_not_enough(resource_properties='["=", "$gpu", "true"]')

    @db_case.logic
    def test_all_or_none_are_planned(self):
        self.make_hosts(2)
        self.assert_not_enough(amount=3)

    @db_case.logic
    def test_those_that_can_be_made_are_while_others_wait(self):
        self.make_hosts(2)
        reservation = self.reserve(amount=2)
        self.set_node(1, maintenance=True)
        waiting = self.start(reservation)
        self.assertIn('a node is in maintenance', waiting.reason)
        self.assertEqual(['n-0'], sorted(self.live(reservation)))
        self.set_node(1, maintenance=False)
        self.assertEqual(base.Plan(), self.start(reservation))
        self.assertEqual(['n-0', 'n-1'], sorted(self.live(reservation)))

    @db_case.logic
    def test_a_node_that_breaks_before_its_instance_is_made(self):
        self.make_hosts(1)
        reservation = self.reserve()
        create = self.instances.create

        def die(_ctx, _instance):
            raise KeyboardInterrupt

        self.instances.create = die
        self.assertRaises(KeyboardInterrupt, self.start, reservation)
        self.instances.create = create
        self.set_node(0, maintenance=True)
        self.assertIn('a node is in maintenance', self.start(reservation).reason)
        self.set_node(0, maintenance=False)
        self.assertEqual(base.Plan(), self.start(reservation))
        self.assertEqual(['n-0'], sorted(self.live(reservation)))

    def test_killed_between_two_instances(self):
        self.make_hosts(3)
        reservation = self.reserve(amount=3)
        create = self.instances.create

        def create_and_die(ctx, instance):
            create(ctx, instance)
            raise KeyboardInterrupt

        self.instances.create = create_and_die
        for _ in range(3):
            self.assertRaises(KeyboardInterrupt, self.start, reservation)
        self.assertEqual(base.Plan(), self.start(reservation))
        self.assertEqual(3, len(self.instances.calls))
        self.assertEqual(3, len(self.live(reservation)))

    def test_two_at_once_make_one(self):
        """A call that nobody waits for any more, and its successor."""
        self.make_hosts(1)
        reservation = self.reserve()
        both = threading.Barrier(2)
        create = self.instances.create

        def create_together(ctx, instance):
            both.wait(30)
            create(ctx, instance)

        self.instances.create = create_together
        results = racing.at_once(*[lambda: self.start(reservation)] * 2)
        refused = [each for each in results if isinstance(each, Exception)]
        self.assertEqual([exception.NoValidNode], [type(each) for each in refused])
        self.assertEqual(1, len(self.live(reservation)))
        self.instances.create = create
        self.assertEqual(base.Plan(), self.start(reservation))

    @db_case.logic
    def test_a_busy_conductor_is_waited_for(self):
        self.make_hosts(1)
        reservation = self.reserve()
        create = self.instances.create

        def refuse(_ctx, _instance):
            raise exception.ConductorBusy()

        self.instances.create = refuse
        waiting = self.start(reservation)
        self.assertIn('no free worker', waiting.reason)
        self.assertLess(waiting.seconds, 10)
        self.instances.create = create
        self.assertEqual(base.Plan(), self.start(reservation))

    @db_case.logic
    def test_given_up_between_two(self):
        self.make_hosts(2)
        reservation = self.reserve(amount=2)
        call = self.make_call(reservation)
        create = self.instances.create

        def create_late(ctx, instance):
            create(ctx, instance)
            call.abandoned.set()

        self.instances.create = create_late
        self.plugin.on_start(call)
        self.assertEqual(1, len(self.live(reservation)))

    def test_the_end_deletes_them(self):
        self.make_hosts(1)
        reservation = self.reserve()
        self.start(reservation)
        (row,) = self.live(reservation).values()
        self.assertEqual(row['uuid'], self.end(reservation).waits_on)
        self.remove_instance(row['uuid'])
        self.assertIsNone(self.end(reservation))
        self.assertEqual([], self.given(reservation))


class ChangeTests(InstanceCase):
    def test_more_are_made(self):
        self.make_hosts(3)
        reservation = self.reserve()
        self.start(reservation)
        _, after = self.change(reservation, started=True, values={'amount': 3})
        self.start(after)
        self.assertEqual(3, len(self.live(reservation)))

    @db_case.logic
    def test_fewer_only_where_none_is(self):
        self.make_hosts(2)
        reservation = self.reserve(amount=2)
        self.start(reservation)
        self.assertRaises(
            exception.InUse,
            self.change,
            reservation,
            started=True,
            values={'amount': 1},
        )
        live = self.live(reservation)
        self.remove_instance(live['n-0']['uuid'])
        self.change(reservation, started=True, values={'amount': 1})
        self.assertEqual(['n-1'], self.given(reservation))

    def test_no_name_is_given_twice(self):
        self.make_hosts(3)
        three = self.reserve(amount=3, name='web')
        self.start(three)
        self.remove_instance(self.live(three)['n-0']['uuid'])
        _, two = self.change(three, started=True, values={'amount': 2})
        _, again = self.change(two, started=True, values={'amount': 3})
        self.start(again)
        self.assertEqual(
            ['web-1', 'web-2', 'web-3'],
            sorted(row['name'] for row in self.live(again).values()),
        )

    @db_case.logic
    def test_what_they_were_made_by_stays(self):
        self.make_hosts(1)
        reservation = self.reserve()
        for values in ({'image_uuid': FLAVOR}, {'name': 'x'}):
            error = self.assertRaises(
                exception.InvalidParameter,
                self.change,
                reservation,
                started=True,
                values=values,
            )
            self.assertIn('cannot be changed once', str(error))
            self.change(reservation, values=values)

    @db_case.logic
    def test_an_extension_when_the_flavor_is_gone(self):
        self.make_hosts(2)
        reservation = self.reserve()
        before = self.allocated(reservation)
        self.start(reservation)
        self.in_transaction(flavors.delete, FLAVOR)
        self.change(reservation, started=True, end_date=3)
        self.assertEqual(before, self.allocated(reservation))


db_case.on_each(globals(), ValuesTests, MakeTests, ChangeTests)
