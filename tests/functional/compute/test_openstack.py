"""The commands of openstackclient on servers, unmodified."""

import dataclasses
import threading

from mogan_like.api import app
from mogan_like.cmd import server
from mogan_like.common.config import CONF
from tests import personas
from tests import waiting
from tests.functional.compute import clients_case

_ADMIN = personas.PROJECT_ADMIN


class ListTest(clients_case.ClientsCase):
    def test_list_and_show(self):
        flavor = self.service.make_flavor(name='large', properties={'cpus': '16'})
        web, db = (
            self.service.make_instance(name=name, flavor_uuid=flavor)
            for name in ('web', 'db')
        )
        self.service.make_instance(
            self.service.client(personas.OTHER_MEMBER), name='other', flavor_uuid=flavor
        )
        self.service.lock(db)
        gone = self.service.make_instance(name='gone', flavor_uuid=flavor)
        self.member.delete(f'/v1/instances/{gone}')
        self.service.wait_for(gone, 'DELETED')
        for words, names in {
            (): ['db', 'web'],
            ('--locked',): ['db'],
            ('--unlocked',): ['web'],
            ('--name', '^w'): ['web'],
            ('--status', 'ACTIVE'): ['db', 'web'],
            ('--status', 'SHUTOFF'): [],
            ('--deleted',): ['gone'],
            ('--limit', '1'): ['db'],
            ('--flavor', 'large', '--no-name-lookup'): ['db', 'web'],
            ('--changes-since', '2000-01-01T00:00:00Z'): ['db', 'web'],
        }.items():
            listed = self.openstack('server', 'list', *words)
            self.assertEqual(names, [each['Name'] for each in listed], words)
        listed = self.openstack('server', 'list', '--all-projects', persona=_ADMIN)
        self.assertEqual(['other', 'db', 'web'], [each['Name'] for each in listed])
        self.assertEqual(('large', 'debian'), (listed[0]['Flavor'], listed[0]['Image']))
        (long,) = self.openstack('server', 'list', '--long', '--name', 'web')
        self.assertEqual(
            (web, 'ACTIVE', 1, 'debian'),
            (long['ID'], long['Status'], long['Power State'], long['Image Name']),
        )
        for name in ('web', web):
            shown = self.openstack('server', 'show', name)
            self.assertEqual((web, 'web'), (shown['id'], shown['name']))
            self.assertEqual('large', shown['flavor']['name'])
        self.check_refusals()

    def test_a_name_that_is_no_regular_expression(self):
        for name in ('c++', '[prod] web'):
            uuid = self.service.make_instance(name=name)
            self.assertEqual(uuid, self.openstack('server', 'show', name)['id'])
        printed = self.tell('server', 'show', 'd++', status=1)
        self.assertIn('no server is called so, and it is no regular exp', printed)

    def check_refusals(self):
        printed = self.tell('server', 'list', '--all-projects', status=1)
        self.assertIn("Policy doesn't allow instance:list_all_projects", printed)
        for name in ('other', 'nobody', clients_case.IMAGE):
            printed = self.tell('server', 'show', name, status=1)
            self.assertIn(f'No Server found for {name}', printed)

    def test_flavors_and_keypairs(self):
        uuid = self.service.make_flavor(
            name='large',
            description='Two sockets.',
            properties={'cpus': '16', 'memory_mb': '65536', 'local_gb': '960'},
        )
        (listed,) = self.openstack('flavor', 'list')
        self.assertEqual(
            (uuid, 'large', 65536, 960, 16),
            tuple(listed[key] for key in ('ID', 'Name', 'RAM', 'Disk', 'VCPUs')),
        )
        for name in ('large', uuid):
            shown = self.openstack('flavor', 'show', name)
            self.assertEqual(
                (uuid, 'Two sockets.'), (shown['id'], shown['description'])
            )
            self.assertEqual('1', shown['properties']['resources:CUSTOM_BAREMETAL'])
        self.assertIn(
            'No Flavor found for none', self.tell('flavor', 'show', 'none', status=1)
        )
        made = self.tell('keypair', 'create', 'k', '--private-key', f'{self.home}/k')
        self.assertIn('ssh-ed25519' if 'public_key' in made else 'fingerprint', made)
        with open(f'{self.home}/k', encoding='utf-8') as file:
            self.assertIn('PRIVATE KEY', file.read())
        (listed,) = self.openstack('keypair', 'list')
        self.assertEqual(('k', 'ssh'), (listed['Name'], listed['Type']))
        shown = self.openstack('keypair', 'show', 'k')
        self.assertEqual(personas.MEMBER.user_id, shown['user_id'])
        self.assertIn('ssh-', self.tell('keypair', 'show', '--public-key', 'k'))
        self.tell('keypair', 'delete', 'k')
        self.assertEqual([], self.openstack('keypair', 'list'))
        self.tell('keypair', 'show', 'k', status=1)
        limits = {
            each['Name']: each['Value']
            for each in self.openstack('limits', 'show', '--absolute')
        }
        self.assertEqual((10, 0), (limits['instances'], limits['instances_used']))


class VerbsTest(clients_case.ClientsCase):
    def test_from_create_to_delete(self):
        self.service.make_flavor(name='large')
        words = ('--flavor', 'large', '--nic', 'none')
        made = self.openstack('server', 'create', '--image', 'debian', *words, 'web')
        self.assertEqual('web', made['name'])
        uuid = made['id']
        self.wait_for_status(uuid, 'ACTIVE')
        for verb, status in (('stop', 'SHUTOFF'), ('start', 'ACTIVE')):
            self.tell('server', verb, 'web')
            self.wait_for_status(uuid, status)
        self.tell('server', 'reboot', 'web')
        self.wait_for_status(uuid, 'ACTIVE')
        self.tell('server', 'reboot', '--hard', '--wait', uuid)
        built = self.openstack('server', 'rebuild', '--image', 'alpine', 'web')
        self.assertEqual(uuid, built['id'])
        self.assertIn(clients_case.OTHER_IMAGE, self.show(uuid)['image']['id'])
        self.wait_for_status(uuid, 'ACTIVE')
        self.check_rebuild_of_stopped(uuid)
        self.tell('server', 'set', '--name', 'db', '--description', 'd', 'web')
        shown = self.openstack('server', 'show', 'db')
        self.assertEqual((uuid, 'd'), (shown['id'], shown['description']))
        self.tell('server', 'delete', '--wait', 'db')
        self.assertEqual([], self.openstack('server', 'list'))
        self.check_events(uuid)

    def check_rebuild_of_stopped(self, uuid):
        """The client waits until it is off, as it was."""
        self.tell('server', 'stop', 'web')
        self.wait_for_status(uuid, 'SHUTOFF')
        printed = self.tell('server', 'rebuild', '--image', 'debian', '--wait', 'web')
        self.assertIn('Complete', printed)
        self.assertEqual('SHUTOFF', self.show(uuid)['status'])
        self.tell('server', 'start', 'web')
        self.wait_for_status(uuid, 'ACTIVE')

    def wait_for_status(self, uuid, status):
        state = {'SHUTOFF': 'STOPPED'}.get(status, status)
        self.service.wait_for(uuid, state)
        self.assertEqual(status, self.show(uuid)['status'])

    def check_events(self, uuid):
        """What was done to a deleted server is found by its id."""
        listed = self.openstack('server', 'event', 'list', uuid)
        actions = ['delete', 'update', 'start', 'rebuild', 'stop', 'rebuild']
        actions += ['reboot', 'reboot', 'start', 'stop']
        self.assertEqual([*actions, 'create'], [each['Action'] for each in listed])
        request = listed[0]['Request ID']
        shown = self.openstack('server', 'event', 'show', uuid, request)
        self.assertEqual(('delete', request), (shown['action'], shown['request_id']))
        self.assertEqual({'Success'}, {event['result'] for event in shown['events']})
        self.assertEqual({'req-none'} & {each['Request ID'] for each in listed}, set())
        printed = self.tell('server', 'event', 'show', uuid, 'req-none', status=1)
        self.assertIn('Action req-none not found', printed)

    def test_locks(self):
        uuid = self.service.make_instance(name='web')
        self.tell('server', 'lock', '--reason', 'new fans', 'web')
        shown = self.openstack('server', 'show', 'web')
        self.assertEqual(
            (True, 'new fans', 'ACTIVE'),
            (shown['locked'], shown['locked_reason'], shown['status']),
        )
        for words in (
            ('delete', uuid),
            ('stop', 'web'),
            ('reboot', 'web'),
            ('rebuild', '--image', 'alpine', 'web'),
            ('set', '--name', 'x', 'web'),
        ):
            printed = self.tell('server', *words, status=1)
            self.assertIn(f'Instance {uuid} is locked', printed)
        printed = self.tell('server', 'lock', 'web', status=1)
        self.assertIn('locked by an owner since', printed)
        self.tell('server', 'lock', '--reason', 'power', 'web', persona=_ADMIN)
        printed = self.tell('server', 'unlock', 'web', status=1)
        self.assertIn('unlock_override', printed)
        self.tell('server', 'unlock', uuid, persona=_ADMIN)
        printed = self.tell('server', 'unlock', 'web', status=1)
        self.assertIn('while it is in vm_state active', printed)
        other = {'persona': personas.OTHER_MEMBER, 'status': 1}
        self.assertIn('No Server found', self.tell('server', 'lock', uuid, **other))
        listed = self.openstack('server', 'event', 'list', 'web')
        verbs = {'create', 'delete', 'lock', 'reboot', 'rebuild', 'stop', 'unlock'}
        self.assertEqual(verbs | {'update'}, {each['Action'] for each in listed})
        self.check_refused_event(uuid, listed)

    def check_refused_event(self, uuid, listed):
        request = next(each for each in listed if each['Action'] == 'delete')
        shown = self.openstack('server', 'event', 'show', uuid, request['Request ID'])
        self.assertEqual(['Error'], [event['result'] for event in shown['events']])
        self.assertIn('locked by an owner', shown['message'])


class PinnedTest(clients_case.ClientsCase):
    """A version that a user names is the one that is spoken."""

    def test_each_version_does_what_it_does_in_nova(self):
        uuid = self.service.make_instance(name='web')
        for version in ('2.1', '2.72'):
            printed = self.pin(version, 'lock', '--reason', 'fans', 'web', status=1)
            self.assertIn('2.73 or greater is required to use the --reason', printed)
        self.assertIsNone(self.row(uuid).locked_by)
        self.pin('2.73', 'lock', '--reason', 'fans', 'web')
        for version, locked, reason in (
            ('2.1', None, None),
            ('2.72', True, None),
            ('2.73', True, 'fans'),
        ):
            shown = self.pin_json(version, 'show', 'web')
            self.assertEqual(
                (uuid, locked, reason),
                (shown['id'], shown['locked'], shown['locked_reason']),
                version,
            )
        printed = self.pin('2.72', 'list', '--locked', status=1)
        self.assertIn('2.73 or greater is required to support the --locked', printed)
        (listed,) = self.pin_json('2.73', 'list', '--locked')
        self.assertEqual(uuid, listed['ID'])
        self.assertEqual([], self.pin_json('2.73', 'list', '--unlocked'))
        self.pin('2.1', 'unlock', 'web')
        self.assertIsNone(self.row(uuid).locked_by)
        self.check_newest()

    def check_newest(self):
        """Nothing newer than the newest is spoken, and that is said."""
        printed = self.pin('2.97', 'list', status=1)
        self.assertIn('a minimum of 2.1 and a maximum of 2.96.', printed)
        (listed,) = self.pin_json('2.96', 'list')
        self.assertEqual('web', listed['Name'])

    def pin(self, version, *words, **kwargs):
        """What a command on servers printed that speaks this version."""
        words = ('--os-compute-api-version', version, 'server', *words)
        return self.tell(*words, **kwargs)

    def pin_json(self, version, *words):
        """The same, as JSON."""
        return self.openstack('--os-compute-api-version', version, 'server', *words)


class ReservationTest(clients_case.ClientsCase):
    def test_a_hint_takes_a_reserved_node(self):
        node = self.admin.get('/v1/nodes').body['nodes'][0]
        self.admin.post('/v1/os-hosts', {'name': node['name']})
        lease = self.member.post(
            '/v1/leases',
            {
                'name': 'l',
                'start_date': 'now',
                'end_date': '2999-01-01 00:00',
                'reservations': [
                    {'resource_type': 'physical:host', 'min': 1, 'max': 1,
                     'hypervisor_properties': '', 'resource_properties': ''}
                ],
            },
        )  # fmt: skip
        self.assertEqual(201, lease.status, lease)
        lease = lease.body['lease']
        path = f'/v1/leases/{lease["id"]}'
        waiting.wait_until(
            lambda: self.member.get(path).body['lease']['status'] == 'ACTIVE',
            'the lease to run',
        )
        (reservation,) = lease['reservations']
        self.service.make_flavor(name='large')
        made = self.openstack(
            'server', 'create', '--image', 'debian', '--flavor', 'large', '--nic',
            'none', '--hint', f'reservation={reservation["id"]}', 'web',
        )  # fmt: skip
        self.assertEqual(node['uuid'], self.row(made['id']).node_uuid)


class NoKeystoneTest(clients_case.ClientsCase):
    """With everybody on this machine let in, an endpoint is enough."""

    options = {**clients_case.ClientsCase.options, 'api__auth_strategy': 'noauth'}

    def setUp(self):
        super().setUp()
        web = server.make_server(app.make_app())
        thread = threading.Thread(target=web.serve)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(web.stop)
        host, port = web.bind_addr
        self.env = {
            'OS_AUTH_TYPE': 'none',
            'OS_ENDPOINT': f'http://{host}:{port}/v2.1',
            'OS_IDENTITY_API_VERSION': '3',
        }

    def test_an_endpoint_is_enough(self):
        someone = dataclasses.replace(
            personas.MEMBER, project_id=CONF.api.noauth_project_id
        )
        uuid = self.service.make_instance(self.service.client(someone), name='web')
        own = {'env': self.env}
        for words in (('list',), ('list', '--locked'), ('show', 'web')):
            found = self.openstack('server', *words, **own)
            if words == ('show', 'web'):
                self.assertEqual(uuid, found['id'])
        for words in (
            ('lock', '--reason', 'x', 'web'),
            ('unlock', 'web'),
            ('set', '--name', 'db', uuid),
            ('stop', 'db'),
        ):
            self.tell('server', *words, **own)
        self.service.wait_for(uuid, 'STOPPED')
        self.tell('server', 'start', 'db', **own)
        self.service.wait_for(uuid, 'ACTIVE')
        self.assertEqual(1, len(self.openstack('flavor', 'list', **own)))
        self.assertEqual([], self.openstack('keypair', 'list', **own))
        self.tell('server', 'delete', '--wait', 'db', **own)
        listed = self.openstack('server', 'event', 'list', uuid, **own)
        self.assertEqual(7, len(listed))
