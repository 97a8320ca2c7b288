"""Names where IDs are: of the service's objects, and of other services'."""

from tests import personas
from tests.emulators import glance_fixture
from tests.emulators import neutron
from tests.functional.client import client_case

_ADMIN = client_case.ADMIN
_OTHER_IMAGE = 'c1f1c5b5-0c3e-4b5f-9d9d-3f0a5f3d8e21'
_NETWORK = 'd2a6f0de-1f54-4f3f-9a55-7f6b7f6c8a01'
_PORT = 'e3b7a1ef-2a65-4a4a-8b66-8a7c8a7d9b02'
_END = '2099-01-01 00:00'


class NamesTest(client_case.ClientCase):
    options = {'fake__nodes': 4, 'conductor__scan_interval': 0.1}

    def setUp(self):
        super().setUp()
        self.service.wait_for_nodes(4)
        self.flavor = self.service.make_flavor(name='small')
        images = {client_case.IMAGE: 'debian', _OTHER_IMAGE: 'alpine'}
        glance = self.useFixture(glance_fixture.Glance(images))
        site = self.useFixture(neutron.Neutron({_NETWORK: 'prod'}, {_PORT: 'up'}))
        self.keystone.catalogue.update(image=glance.url, network=site.url)

    def test_what_an_instance_is_made_by(self):
        words = ('--flavor', 'small', '--image', 'debian', '--network', 'prod')
        made = self.read('instance', 'create', 'web', *words, '--wait')
        self.assertEqual(
            (self.flavor, client_case.IMAGE, [{'net_id': _NETWORK}]),
            (made['flavor_uuid'], made['image_uuid'], made['networks']),
        )
        self.run_words('instance', 'rebuild', 'web', '--image', 'alpine', '--wait')
        shown = self.read('instance', 'show', 'web')
        self.assertEqual(_OTHER_IMAGE, shown['image_uuid'])
        self.read('instance', 'create', 'app', *words)
        # The newest come first.
        (row,) = self.read('instance', 'list', '--marker', 'app')
        self.assertEqual('web', row['Name'])
        told = self.refuse('instance', 'create', 'x', *words, '--port', 'up')
        self.assertIn('cannot honour networks.port_id', told)
        told = self.refuse('instance', 'create', 'x', *words, '--port', 'down')
        self.assertIn('The network service knows no port down', told)

    def test_what_a_lease_holds(self):
        uuid = self.read('node', 'show', 'fake-0', persona=_ADMIN)['id']
        self.run_words('host', 'create', uuid, persona=_ADMIN)
        self.run_words('host', 'create', 'fake-1', persona=_ADMIN)
        words = ('lease', 'create', 'machines', '--end', _END, '--wait', '--resource')
        made = self.read(*words, 'physical:host,min=1,max=1')
        (held,) = made['reservations']
        words = ('--flavor', 'small', '--image', 'debian', '--wait')
        words = ('instance', 'create', 'web', *words, '--reservation', 'machines')
        self.assertEqual(held['id'], self.read(*words)['reservation_uuid'])
        words = ('lease', 'create', 'servers', '--end', _END, '--wait', '--resource')
        servers = 'virtual:instance,flavor_id=small,image_uuid=debian'
        networks = 'networks=[{"net_id": "prod"}]'
        (held,) = self.read(*words, f'{servers},{networks}')['reservations']
        self.assertEqual(
            (self.flavor, client_case.IMAGE, [{'net_id': _NETWORK}]),
            (held['flavor_id'], held['image_uuid'], held['networks']),
        )
        # It is the only one of the lease.
        words = ('lease', 'set', 'servers', '--reservation', 'before_end=notify')
        self.run_words(*words)

    def test_people(self):
        self.run_words('keypair', 'create', 'mine')
        words = ('keypair', 'show', 'mine', '--user', 'member')
        self.assertEqual('mine', self.read(*words, persona=_ADMIN)['name'])
        words = ('quota', 'set', '--project', 'project-b', 'instances=3')
        self.run_words(*words, persona=_ADMIN)
        words = ('quota', 'show', personas.OTHER_PROJECT)
        (row, *_) = self.read(*words, persona=_ADMIN)
        self.assertEqual(3, row['Limit'])
        # One's own is known.
        rows = self.read('quota', 'show', 'project-a')
        self.assertIn('instances', [row['Resource'] for row in rows])
        told = self.refuse('quota', 'show', 'project-b')
        self.assertIn('give the ID of project project-b', told)
        made = self.service.make_instance(name='web')
        words = ('--user', 'member', '--project', 'project-a', '--owner', 'project-a')
        rows = self.read('action', 'search', *words, persona=_ADMIN)
        self.assertIn(made, [row['Object ID'] for row in rows])
        words = ('action', 'search', '--user', 'other-member')
        self.assertEqual([], self.read(*words, persona=_ADMIN))
        words = ('lease', 'list', '--project', 'project-b')
        self.assertEqual([], self.read(*words, persona=_ADMIN))
