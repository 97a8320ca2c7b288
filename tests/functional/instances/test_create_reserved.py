"""Two pools: nodes opened for reservation take their reservation's instances."""

import concurrent.futures
import uuid as uuid_module

from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.instances import states
from mogan_like.instances.drivers import fake
from mogan_like.instances.manager import instances
from mogan_like.instances.manager import reserved_nodes
from tests import fixtures
from tests import personas
from tests.functional.instances import instances_case

NODES = instances_case.NODES


class ReservedCase(instances_case.InstancesCase):
    options = {'fake__nodes': 4, 'quota__instances': -1}

    def setUp(self):
        super().setUp()
        self.manager = reserved_nodes.ReservedNodesManager()
        self.flavor = self.service.make_flavor()
        self.nodes = [row.uuid for row in self.rows(NODES)]
        self.reservation = str(uuid_module.uuid4())

    def do(self, name, *args):
        """What a method of the nodes' manager returns, as leases call it."""
        with engine.writer() as conn:
            return getattr(self.manager, name)(conn, *args)

    def reserve(self, *nodes, project=personas.PROJECT):
        """Open nodes and hand them over."""
        for node in nodes:
            self.do('open', node)
        taken = self.do('hand_over', self.reservation, project, nodes)
        self.assertEqual(set(nodes), taken)

    def create(self, *reservation, client=None, **values):
        """The answer to a create."""
        body = {
            'name': 'n',
            'flavor_uuid': self.flavor,
            'image_uuid': fixtures.IMAGE,
            **values,
        }
        if reservation:
            (body['reservation'],) = reservation
        return (client or self.member).post('/v1/instances', body)

    def place(self, *args, **values):
        """The instance that was made, as its view."""
        answer = self.create(*args, **values)
        self.assertEqual(202, answer.status, answer)
        self.service.wait_for(answer.body['uuid'], states.ACTIVE)
        return self.admin.get(f'/v1/instances/{answer.body["uuid"]}').body

    def refuse(self, *args, **values):
        """The message of a create that found no node."""
        answer = self.create(*args, **values)
        self.assert_refused(answer, 409, 'NoValidNode')
        return answer.body['error_message']


class ReservedTest(ReservedCase):
    def test_instance_of_a_reservation_is_on_one_of_its_nodes(self):
        self.reserve(self.nodes[1])
        made = self.place(self.reservation.upper())
        self.assertEqual(
            (self.nodes[1], self.reservation),
            (made['node_uuid'], made['reservation_uuid']),
        )
        node = self.admin.get(f'/v1/nodes/{self.nodes[1]}').body
        self.assertEqual(
            (True, self.reservation, made['uuid']),
            (node['reservable'], node['reservation_uuid'], node['instance_uuid']),
        )
        # It has no other node, and general ones are not for it.
        self.assertIn(self.reservation, self.refuse(self.reservation))
        self.member.delete(f'/v1/instances/{made["uuid"]}')
        self.service.wait_for(made['uuid'], states.DELETED)
        self.assertEqual(self.nodes[1], self.place(self.reservation)['node_uuid'])

    def test_without_a_reservation_no_reservable_node_is_taken(self):
        self.reserve(self.nodes[0])
        for node in self.nodes[1:3]:
            self.do('open', node)
        self.assertEqual(self.nodes[3], self.place()['node_uuid'])
        self.assertNotIn('reservation', self.refuse())
        for node in self.nodes[:3]:
            self.refuse(client=self.admin, node_uuid=node)
        self.assertIsNone(self.create().body.get('reservation_uuid'))
        self.do('close', self.nodes[1])
        self.assertEqual(self.nodes[1], self.place()['node_uuid'])

    def test_flavor_and_node_have_to_fit_as_always(self):
        self.reserve(*self.nodes[:2])
        gold = self.service.make_flavor(resource_class='gold')
        self.assertIn('gold', self.refuse(self.reservation, flavor_uuid=gold))
        gpu = self.service.make_flavor(properties={'gpu': '1'})
        self.assertIn('gpu=1', self.refuse(self.reservation, flavor_uuid=gpu))
        # Nodes are chosen by who may: here an admin of the project.
        admin = self.service.client(personas.PROJECT_ADMIN)
        self.refuse(self.reservation, client=admin, node_uuid=self.nodes[3])
        made = self.place(self.reservation, client=admin, node_uuid=self.nodes[1])
        self.assertEqual(self.nodes[1], made['node_uuid'])

    def test_all_reasons_have_the_same_words(self):
        """Nobody learns of another project's reservation, not even an admin."""
        others = self.service.client(personas.OTHER_MEMBER)
        reservation = self.reservation
        unknown = self.refuse(reservation)
        for node in self.nodes:
            self.do('open', node)
        self.assertEqual(unknown, self.refuse(reservation))
        self.do('hand_over', reservation, personas.PROJECT, self.nodes[:1])
        self.assertEqual(unknown, self.refuse(reservation, client=others))
        self.assertEqual(unknown, self.refuse(reservation, client=self.admin))
        self.place(reservation)
        self.assertEqual(unknown, self.refuse(reservation))
        # It is ending: a node is its own still, and takes no other instance.
        self.assertEqual({self.nodes[0]}, self.do('take_back', reservation))
        self.assertEqual(unknown, self.refuse(reservation))
        self.assertEqual(0, self.used(personas.OTHER_PROJECT))

    def test_node_out_of_order_is_not_taken(self):
        self.reserve(self.nodes[0])
        path = f'/v1/nodes/{self.nodes[0]}'
        self.admin.patch(path, {'maintenance': True})
        self.refuse(self.reservation)
        self.admin.patch(path, {'maintenance': False})
        with engine.writer() as conn:
            conn.execute(
                NODES.update()
                .where(NODES.c.uuid == self.nodes[0])
                .values(present=False)
            )
        self.refuse(self.reservation)

    def test_reservation_is_an_id(self):
        for value in ('none', '', 7, {'id': self.reservation}):
            answer = self.create(value)
            self.assert_refused(answer, 400, 'InvalidBody')
        made = self.place(None)
        self.assertIsNone(made['reservation_uuid'])

    def test_reservation_stays_in_the_view_of_the_deleted(self):
        self.reserve(self.nodes[0])
        made = self.place(self.reservation)
        self.member.delete(f'/v1/instances/{made["uuid"]}')
        self.service.wait_for(made['uuid'], states.DELETED)
        listed = self.admin.get(
            '/v1/instances/detail?deleted=true&all_projects=true'
        ).body['instances']
        self.assertEqual([self.reservation], [i['reservation_uuid'] for i in listed])


class ReservedRaces:
    options = ReservedCase.options

    def test_creates_at_once_share_no_node(self):
        self.reserve(*self.nodes[:2])
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = list(
                pool.map(lambda _number: self.create(self.reservation), range(6))
            )
        made = [answer for answer in answers if answer.status == 202]
        self.assertEqual(2, len(made), answers)
        on = self.taken_nodes()
        self.assertEqual(set(self.nodes[:2]), set(on))
        for answer in made:
            self.service.wait_for(answer.body['uuid'], states.ACTIVE)

    def test_create_against_the_end_wins_or_is_refused(self):
        for node in self.nodes:
            self.reservation = str(uuid_module.uuid4())
            self.reserve(node)
            take_back = engine.retried(lambda: self.do('take_back', self.reservation))
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                ended = pool.submit(take_back)
                answer = self.create(self.reservation)
                left = ended.result()
            (row,) = self.rows(NODES, uuid=node)
            if answer.status == 202:
                self.assertEqual(answer.body['uuid'], row.instance_uuid)
                self.assertEqual(self.reservation, row.reservation_uuid)
                self.assertEqual({node}, left)
                self.service.wait_for(answer.body['uuid'], states.ACTIVE)
            else:
                self.assert_refused(answer, 409, 'NoValidNode')
                self.assertIsNone(row.reservation_uuid)
                self.assertEqual(set(), left)


class ByLeaseTest(ReservedCase):
    """What leases call in process, as the lease's owner."""

    def setUp(self):
        super().setUp()
        self.instances = instances.InstancesManager(
            self.service.conductor._due, fake.FakeDriver()
        )

    def make_context(self):
        """Each verb of a lease is a request of its own."""
        return context.for_job(
            cause='lease',
            cause_id='lease-1',
            user_id=personas.MEMBER.user_id,
            project_id=personas.PROJECT,
        )

    def make(self):
        body = {
            'name': 'n',
            'flavor_uuid': self.flavor,
            'image_uuid': fixtures.IMAGE,
            'reservation_uuid': self.reservation,
        }
        made = self.instances.create(self.make_context(), body)
        self.service.wait_for(made['uuid'], states.ACTIVE)
        return made['uuid']

    def causes(self, uuid):
        """[(action, result, cause, its id)] of an instance."""
        return [
            (row.action, row.result, row.cause, row.cause_id)
            for row in self.rows(instances_case.ACTIONS, object_id=uuid)
        ]

    def test_instance_is_made_and_deleted_for_a_lease(self):
        self.reserve(self.nodes[0])
        uuid = self.make()
        row = self.row(uuid)
        self.assertEqual(
            (personas.PROJECT, personas.MEMBER.user_id, self.reservation),
            (row.project_id, row.user_id, row.reservation_uuid),
        )
        self.instances.delete(self.make_context(), uuid)
        self.service.wait_for(uuid, states.DELETED)
        self.assertEqual(
            [
                ('create', 'success', 'lease', 'lease-1'),
                ('delete', 'success', 'lease', 'lease-1'),
            ],
            self.causes(uuid),
        )
        self.assertEqual(set(), self.do('take_back', self.reservation))

    def test_admins_lock_refuses_and_an_owners_is_released_first(self):
        self.reserve(self.nodes[0])
        uuid = self.make()
        for holder in ('owner', 'admin'):
            self.instances.lock(self.make_context(), uuid, holder)
            self.assertRaises(
                exception.OperationNotPermitted,
                self.instances.delete,
                self.make_context(),
                uuid,
            )
            self.assertEqual(
                ('delete', 'refused', 'lease', 'lease-1'), self.causes(uuid)[-1]
            )
            self.assertEqual(states.LOCKED, self.row(uuid).status)
        self.assertRaises(
            exception.OperationNotPermitted,
            self.instances.unlock,
            self.make_context(),
            uuid,
            'owner',
        )
        self.instances.unlock(self.make_context(), uuid, 'admin')
        self.instances.lock(self.make_context(), uuid, 'owner')
        self.instances.unlock(self.make_context(), uuid, 'owner')
        self.instances.delete(self.make_context(), uuid)
        self.service.wait_for(uuid, states.DELETED)


instances_case.on_each_database(globals(), ReservedRaces, base=ReservedCase)
