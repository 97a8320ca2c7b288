"""openstacksdk's compute proxy, unmodified."""

import json

from tests import keys
from tests.functional.compute import clients_case

_PROGRAM = """
import json
import openstack
from openstack import exceptions

told = {}
conn = openstack.connect()
compute = conn.compute


def refused(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except exceptions.HttpException as exc:
        return [exc.status_code, exc.details, exc.request_id is not None]


flavor = compute.find_flavor('large')
image = conn.image.find_image('debian')
told['flavor'] = [flavor.vcpus, flavor.ram, compute.get_flavor(flavor.id).name]
keypair = compute.create_keypair(name='k', public_key=KEY)
told['keypairs'] = [each.name for each in compute.keypairs()]
server = compute.create_server(
    name='web', flavor_id=flavor.id, image_id=image.id, networks='none', key_name='k'
)
server = compute.wait_for_server(server, interval=0.1)
told['server'] = [server.status, server.name, server.key_name, server.is_locked]
compute.lock_server(server, locked_reason='fans')
told['found'] = [each.name for each in compute.servers(is_locked=True, locked=True)]
told['locked'] = refused(compute.delete_server, server)
told['second'] = refused(compute.lock_server, server)
compute.unlock_server(server)
compute.update_server(server, name='db', description='d')
told['updated'] = compute.find_server('db').description
compute.stop_server(server)
compute.wait_for_server(server, status='SHUTOFF', interval=0.1)
compute.start_server(server)
compute.wait_for_server(server, status='ACTIVE', interval=0.1)
compute.reboot_server(server, 'HARD')
compute.wait_for_server(server, status='ACTIVE', interval=0.1)
told['pages'] = [each.name for each in compute.servers(details=False, limit=1)]
told['actions'] = [each.action for each in compute.server_actions(server)]
one = next(compute.server_actions(server))
told['events'] = [
    each['event'] for each in compute.get_server_action(one.request_id, server).events
]
told['limits'] = compute.get_limits().absolute.instances
told['extra'] = compute.fetch_flavor_extra_specs(flavor).extra_specs
told['missing'] = compute.find_server('none') is None
compute.delete_server(server)
compute.wait_for_delete(server, interval=0.1)
compute.delete_keypair('k')
told['left'] = [each.name for each in compute.servers()]
told['version'] = compute.default_microversion
told['range'] = [str(each) for each in [compute.get_endpoint_data().max_microversion]]
print(json.dumps(told))
"""

#: All that a user pinned to an old microversion sees; a client that is sent around
#: in circles would see more, for ever.
_OLD_PROGRAM = """
import itertools
import json
import openstack

told = []
for version in VERSIONS:
    compute = openstack.connect(compute_default_microversion=version).compute
    keypairs = itertools.islice(compute.keypairs(), 9)
    actions = itertools.islice(compute.server_actions(SERVER), 9)
    told.append([[each.name for each in keypairs], [each.action for each in actions]])
print(json.dumps(told))
"""


class SdkTest(clients_case.ClientsCase):
    def test_the_compute_proxy(self):
        self.service.make_flavor(name='large', properties={'cpus': '16'})
        other = self.service.make_instance(name='other')
        source = f'KEY = {keys.PUBLIC!r}\n{_PROGRAM}'
        told = json.loads(self.run_python(source))
        status, details, has_request = told.pop('locked')
        self.assertEqual((409, True), (status, has_request))
        self.assertRegex(details, 'Instance [0-9a-f-]{36} is locked')
        status, details, _ = told.pop('second')
        self.assertEqual(409, status)
        self.assertIn('locked by an owner since', details)
        self.assert_same(
            {
                'flavor': [16, 0, 'large'],
                'keypairs': ['k'],
                'server': ['ACTIVE', 'web', 'k', False],
                'found': ['web'],
                'updated': 'd',
                'pages': ['db', 'other'],
                'actions': [
                    'reboot', 'start', 'stop', 'update', 'unlock', 'lock', 'delete',
                    'lock', 'create',
                ],
                'events': ['power.set_power'],
                'limits': 10,
                'extra': {
                    'resources:CUSTOM_BAREMETAL': '1',
                    'capabilities:cpus': '16',
                },
                'missing': True,
                'left': ['other'],
                'version': None,
                'range': ['(2, 96)'],
            },
            told,
        )  # fmt: skip
        self.assertEqual('ACTIVE', self.show(other)['status'])


class OldSdkTest(clients_case.ClientsCase):
    options = {'fake__nodes': 2, 'api__default_limit': 2}

    def test_lists_end_at_every_version(self):
        uuid = self.service.make_instance()
        for action in ('lock', 'unlock'):
            self.act(uuid, action)
        for name in ('a', 'b', 'c'):
            self.member.post('/v1/keypairs', {'name': name, 'public_key': keys.PUBLIC})
        found = ('2.1', '2.34', '2.35', '2.57', '2.58')
        source = f'VERSIONS, SERVER = {found}, {uuid!r}\n{_OLD_PROGRAM}'
        told = json.loads(self.run_python(source))
        whole = [['a', 'b', 'c'], ['unlock', 'lock', 'create']]
        self.assertEqual([whole] * len(found), told)
