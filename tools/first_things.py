"""Make what the first commands of clients need.

A flavor, a node that leases can have, a share of demo's, and the role by which this
service takes snapshots in demo's project. Makes only what is missing. Arguments:
Keystone's URL with the version, the password of its users, the URLs of this service
and of Manila, and the process of this service, whose end is the end of this, too.
"""

import os
import sys
import time

from keystoneauth1 import exceptions
from keystoneauth1 import session
from keystoneauth1.identity import v3

#: Seconds that the service may take for what is waited for.
_PATIENCE = 60
_FLAVOR = {
    'name': 'metal',
    'resource_class': 'baremetal',
    'properties': {'cpus': '16', 'memory_mb': '65536', 'local_gb': '960'},
}
_SHARE = {'name': 'data', 'share_proto': 'NFS', 'size': 1}
_MANILA = {'X-OpenStack-Manila-API-Version': '2.60'}


def main(auth_url, password, service, manila, pid):
    """Make all of it, as soon as the service answers."""
    admin, demo = (connect(auth_url, password, name) for name in ('admin', 'demo'))
    wait_until(lambda: answers(service, int(pid)), 'The service does not answer.')
    give_role(admin, auth_url, demo.get_project_id())
    flavors, shares = f'{service}/v1/flavors', f'{manila}/shares'
    find_or_make(admin, flavors, _FLAVOR, _FLAVOR['name'])
    open_node(admin, service)
    find_or_make(demo, shares, {'share': _SHARE}, _SHARE['name'], headers=_MANILA)


def wait_until(check, complaint):
    """What a check returns, as soon as that is true.

    :raises SystemExit: with a complaint, when it takes too long
    """
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if result := check():
            return result
        time.sleep(0.1)
    return sys.exit(complaint)


def answers(service, pid):
    """True when the service answers.

    :raises SystemExit: when its process has ended
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        sys.exit('The service has ended.')
    try:
        # Whoever is at its port may be another, and never answer.
        session.Session().get(service, timeout=1)
    except exceptions.ConnectFailure:
        return False
    return True


def connect(auth_url, password, name):
    """A session of a user in the project of the same name."""
    return session.Session(
        v3.Password(
            auth_url,
            username=name,
            password=password,
            project_name=name,
            user_domain_id='default',
            project_domain_id='default',
        )
    )


def give_role(admin, auth_url, project_id):
    """Let this service's user be a member of a project."""
    (user,) = admin.get(f'{auth_url}/users?name=mogan').json()['users']
    (role,) = admin.get(f'{auth_url}/roles?name=member').json()['roles']
    place = f'users/{user["id"]}/roles/{role["id"]}'
    admin.put(f'{auth_url}/projects/{project_id}/{place}')


def open_node(admin, service):
    """Let leases have a node, if they have none and one is free."""
    # A service that has just started looks for its nodes.
    nodes = wait_until(
        lambda: admin.get(f'{service}/v1/nodes').json()['nodes'],
        'The service finds no nodes.',
    )
    free = [node['name'] for node in nodes if not node['instance_uuid']]
    if free and not admin.get(f'{service}/v1/os-hosts').json()['hosts']:
        admin.post(f'{service}/v1/os-hosts', json={'name': max(free)})


def find_or_make(client, url, body, name, **kwargs):
    """Make what a collection has under no such name yet."""
    (found,) = client.get(url, **kwargs).json().values()
    if name not in [each['name'] for each in found]:
        client.post(url, json=body, **kwargs)


if __name__ == '__main__':
    main(*sys.argv[1:])
