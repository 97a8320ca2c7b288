"""What the fake driver adds to the contract."""

import threading

from mogan_like.instances.drivers import base
from tests.plugins import instance_job
from tests.plugins.instance_driver_case import IMAGE
from tests.unit.instances.drivers.fake_case import FakeTestCase


class TestInventory(FakeTestCase):
    def test_nodes_are_those_of_the_options(self):
        self.set(
            nodes=2,
            node_name_prefix='rack1',
            resource_class='large',
            node_properties={'cpus': '8'},
        )
        nodes = self.driver.inventory()
        self.assertEqual(
            [('rack1-0', 'large', {'cpus': '8'}), ('rack1-1', 'large', {'cpus': '8'})],
            [(node.name, node.resource_class, node.properties) for node in nodes],
        )

    def test_uuids_never_change(self):
        self.assertEqual('cab454b3-b775-5206-9f01-c38116961f0c', self.node.uuid)
        self.set(nodes=1000)
        self.assertEqual(self.node, self.driver.inventory()[0])

    def test_none_at_all(self):
        self.set(nodes=0)
        self.assertEqual([], self.driver.inventory())


class TestBuild(FakeTestCase):
    def test_what_was_asked_for_is_on_the_machine(self):
        self.build(
            instance='one', user_data='aGVsbG8=', public_key='ssh-ed25519 AAAA me'
        )
        record = self.record()
        self.assertEqual(
            ('one', IMAGE, 'aGVsbG8=', 'ssh-ed25519 AAAA me'),
            (
                record['instance_uuid'],
                record['image'],
                record['user_data'],
                record['public_key'],
            ),
        )

    def test_nothing_is_left_after_a_delete(self):
        self.build(instance='one', user_data='aGVsbG8=')
        self.delete('one')
        self.assertIsNone(self.record())

    def test_without_networks_it_is_the_private_one(self):
        self.assertEqual(['private'], list(self.build()))

    def test_one_address_for_each_network(self):
        addresses = self.build(
            networks=[{'net_id': 'a'}, {'net_id': 'b'}, {'net_id': 'a'}]
        )
        self.assertEqual(
            {'a': 2, 'b': 1}, {name: len(items) for name, items in addresses.items()}
        )
        items = addresses['a'] + addresses['b']
        self.assertEqual(
            {'192.0.2.1', '192.0.2.2', '192.0.2.3'}, {item['addr'] for item in items}
        )
        self.assertEqual(3, len({item['mac_addr'] for item in items}))

    def test_every_address_is_given_once_and_the_last_is_the_last(self):
        self.set(nodes=300)
        nodes = self.driver.inventory()
        given = [
            self.build(node=node, instance=node.name)['private'][0]['addr']
            for node in nodes[:254]
        ]
        self.assertEqual(254, len(set(given)))
        self.assertEqual(
            {'192.0.2.1', '192.0.2.254'}, {min(given, key=_last), max(given, key=_last)}
        )
        with self.assertRaisesRegex(base.DriverError, 'No address of 192.0.2'):
            self.build(node=nodes[254], instance='late')
        self.delete('late', nodes[254])
        self.delete(nodes[7].name, nodes[7])
        again = self.build(node=nodes[254], instance='later')
        self.assertEqual(given[7], again['private'][0]['addr'])

    def test_a_claim_that_came_too_late_is_given_back(self):
        class LateJob(instance_job.Job):
            """Superseded between the first check and the claim."""

            def check(self):
                super().check()
                self.cancelled = True

        with self.assertRaises(base.JobCancelled):
            self.build(job=LateJob())
        self.assertIsNone(self.record())

    def test_a_rebuild_connects_what_a_failed_build_left(self):
        self.set(fail_steps=['build.configure_network'])
        with self.assertRaises(base.DriverError):
            self.build(instance='one')
        addresses = self.driver.rebuild(
            instance_job.Job(), self.node, 'one', IMAGE, [], None, None
        )
        self.assertEqual(['private'], list(addresses))

    def test_another_instance_is_told_why(self):
        self.build()
        with self.assertRaisesRegex(base.DriverError, 'holds another instance'):
            self.build()

    def test_the_rightful_worker_goes_on_beside_a_late_one(self):
        def be_late(job):
            """Another rebuild begins, and learns at its first step."""
            late = instance_job.Job(at=1, action=instance_job.cancel)
            with self.assertRaises(base.JobCancelled):
                self.rebuild(late)

        self.set(step_seconds={'power_on': 1.0})
        self.build(instance='one')
        at = self.rebuild(instance_job.Job()).index(('wait', 'power_on'))
        points = self.rebuild(instance_job.Job(at=at, action=be_late))
        self.assertEqual(
            ['write_image', 'power_on'],
            [step for kind, step in points if kind == 'end'],
        )
        self.assertEqual(['write_image', 'power_on'], self.record()['work']['done'])

    def rebuild(self, job):
        self.driver.rebuild(job, self.node, 'one', IMAGE, [], None, None)
        return job.points


class TestAtOnce(FakeTestCase):
    def together(self, runs):
        """Run all at once; results or exceptions in order."""
        results = [None] * len(runs)
        barrier = threading.Barrier(len(runs))

        def work(index):
            barrier.wait(30)
            try:
                results[index] = runs[index]()
            except Exception as error:
                results[index] = error

        threads = [
            threading.Thread(target=work, args=(index,)) for index in range(len(runs))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return results

    def test_one_of_many_gets_the_machine(self):
        self.use_directory()
        results = self.together([self.build] * 8)
        refused = [result for result in results if isinstance(result, base.DriverError)]
        self.assertEqual(7, len(refused))

    def test_the_same_build_twice_ends_the_same(self):
        self.use_directory()
        for _ in range(20):
            first, second = self.together([lambda: self.build(instance='one')] * 2)
            self.assertEqual(first, second)
            self.assertTrue(self.record()['built'])
            self.delete('one')

    def test_builds_of_many_machines_share_no_address(self):
        self.use_directory()
        self.set(nodes=16)
        results = self.together(
            [
                lambda node=node: self.build(node=node)
                for node in self.driver.inventory()
            ]
        )
        self.assertEqual(16, len({result['private'][0]['addr'] for result in results}))

    def test_a_build_against_a_delete_leaves_it_whole_or_clean(self):
        self.use_directory()
        for _ in range(20):
            self.together(
                [lambda: self.build(instance='one'), lambda: self.delete('one')]
            )
            record = self.record()
            self.assertTrue(record is None or record['built'], record)
            self.delete('one')
            self.assertIsNone(self.record())
        with self.driver.state.lock():
            self.assertEqual({}, self.driver.state.read('addresses') or {})


def _last(addr):
    return int(addr.rpartition('.')[2])
