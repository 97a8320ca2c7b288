"""The keys of servers at every microversion, as Nova's own table has them."""

import bisect

from mogan_like.api import versions
from tests.functional.compute import compute_case

#: What Nova shows a member of a server at 2.1.
_SERVER = {
    'accessIPv4', 'accessIPv6', 'addresses', 'config_drive', 'created', 'flavor',
    'hostId', 'id', 'image', 'key_name', 'links', 'metadata', 'name',
    'OS-DCF:diskConfig', 'OS-EXT-AZ:availability_zone', 'OS-EXT-STS:power_state',
    'OS-EXT-STS:task_state', 'OS-EXT-STS:vm_state', 'OS-SRV-USG:launched_at',
    'OS-SRV-USG:terminated_at', 'os-extended-volumes:volumes_attached', 'progress',
    'security_groups', 'status', 'tenant_id', 'updated', 'user_id',
}  # fmt: skip
#: What it shows an admin besides.
_ADMINS = {
    f'OS-EXT-SRV-ATTR:{name}'
    for name in ('host', 'hypervisor_hostname', 'instance_name')
}
ADMINS_3 = {
    f'OS-EXT-SRV-ATTR:{name}'
    for name in (
        'hostname', 'kernel_id', 'launch_index', 'ramdisk_id', 'reservation_id',
        'root_device_name', 'user_data',
    )
}  # fmt: skip
_ADDED = {
    '2.9': 'locked',
    '2.19': 'description',
    '2.26': 'tags',
    '2.63': 'trusted_image_certificates',
    '2.73': 'locked_reason',
    '2.90': 'OS-EXT-SRV-ATTR:hostname',
    '2.96': 'pinned_availability_zone',
}


class KeysTest(compute_case.ComputeCase):
    """The keys of servers at every version, whoever asks, wherever."""

    def test_servers_at_every_version(self):
        uuid = self.service.make_instance()
        known = sorted(versions.parse(version) for version in _ADDED)
        for minor in range(1, 97):
            version = f'2.{minor}'
            count = bisect.bisect_right(known, (2, minor))
            member = _SERVER | {*[*_ADDED.values()][:count]}
            admin = member | _ADMINS
            admin |= ADMINS_3 if minor >= 3 else set()
            admin |= {'host_status'} if minor >= 16 else set()
            shown = {'server_groups'} if minor >= 71 else set()
            for client, keys, query in (
                (self.member, member, ''),
                (self.admin, admin, '?all_tenants=1'),
            ):
                (listed,) = self.read(f'/servers/detail{query}', version, client)[
                    'servers'
                ]
                self.assertEqual(keys, set(listed), version)
                one = self.show(uuid, version=version, client=client)
                self.assertEqual(keys | shown, set(one), version)
            (short,) = self.read('/servers', version)['servers']
            self.assertEqual({'id', 'name', 'links'}, set(short), version)
