"""What the Manila for tests has in a database server, in Keystone and in itself.

Runs in Manila's virtual environment; makes only what is missing, so it may run
again. Commands, with their arguments:

make-database, drop-database     URL of the server, name
register                         auth URL, password, region, Manila's URL
prepare                          auth URL, password, Manila's URL
"""

import sys
import time

from keystoneauth1 import exceptions
from keystoneauth1 import session
from keystoneauth1.identity import v3

_FLAGS = {'snapshot_support': 'True', 'create_share_from_snapshot_support': 'True'}
#: name: extra specs, without driver_handles_share_servers, which is always False
TYPES = {
    'default': _FLAGS,
    'revertible': {**_FLAGS, 'revert_to_snapshot_support': 'True'},
}
_PATIENCE = 90


def execute(server, *statements):
    """Run statements as the database server's administrator."""
    import sqlalchemy as sa

    engine = sa.create_engine(server, isolation_level='AUTOCOMMIT')
    try:
        with engine.connect() as conn:
            for statement in statements:
                conn.execute(sa.text(statement))
    except sa.exc.OperationalError as error:
        sys.exit(str(error.orig))


def make_database(server, name):
    """Make Manila's database; what a start that was killed left in it goes."""
    execute(
        server,
        f'DROP DATABASE IF EXISTS {name}',
        f'CREATE DATABASE {name} CHARACTER SET utf8mb3',
    )


def drop_database(server, name):
    """Remove Manila's database."""
    execute(server, f'DROP DATABASE IF EXISTS {name}')


def make_session(auth_url, password):
    """A client of Keystone's admin."""
    auth = v3.Password(
        auth_url,
        username='admin',
        password=password,
        project_name='admin',
        user_domain_id='default',
        project_domain_id='default',
    )
    return session.Session(auth=auth)


def register(auth_url, password, region, url):
    """Make Manila's user in Keystone, and its place in the catalogue."""
    admin = make_session(auth_url, password)

    def find_or_make(kind, query, **values):
        collection = f'{auth_url}/{kind}s'
        found = admin.get(f'{collection}?{query}').json()[f'{kind}s']
        if not found:
            made = admin.post(collection, json={kind: values})
            found = [made.json()[kind]]
        return found[0]['id']

    user = find_or_make(
        'user', 'name=manila', name='manila', password=password, domain_id='default'
    )
    project = find_or_make('project', 'name=service', name='service')
    role = find_or_make('role', 'name=service', name='service')
    admin.put(f'{auth_url}/projects/{project}/users/{user}/roles/{role}')
    service = find_or_make('service', 'type=sharev2', type='sharev2', name='manila')
    for interface in ('public', 'internal', 'admin'):
        where = {'service_id': service, 'interface': interface, 'region_id': region}
        query = '&'.join(f'{key}={value}' for key, value in where.items())
        endpoint = find_or_make('endpoint', query, url=url, **where)
        # The one that was there may have the port of an earlier start.
        admin.patch(f'{auth_url}/endpoints/{endpoint}', json={'endpoint': {'url': url}})


class Manila:
    """Calls of the admin."""

    def __init__(self, auth_url, password, url):
        self._session = make_session(auth_url, password)
        self._url = url

    def call(self, method, path, body=None, also=()):
        """The answer; also is what is no error beside those below 400.

        :raises RuntimeError: for others
        """
        answer = self._session.request(
            self._url + path,
            method,
            json=body,
            timeout=30,
            raise_exc=False,
            headers={'X-OpenStack-Manila-API-Version': '2.60'},
        )
        if answer.status_code >= 400 and answer.status_code not in also:
            raise RuntimeError(f'{method} {path}: {answer.status_code} {answer.text}')
        return answer

    def make_types(self):
        """Make the share types that are missing."""
        there = self.call('GET', '/types?is_public=all').json()['share_types']
        for name in TYPES.keys() - {each['name'] for each in there}:
            specs = {'driver_handles_share_servers': 'False', **TYPES[name]}
            body = {'name': name, 'share_type_access:is_public': True}
            self.call('POST', '/types', {'share_type': {**body, 'extra_specs': specs}})

    def make_and_delete_share(self, deadline):
        """Prove that shares can be made.

        The pools say so too, but the API asks the scheduler for those it keeps, and
        a list that was asked for too early stays empty.

        :raises RuntimeError: when it was not made
        """
        body = {'share_proto': 'NFS', 'size': 1, 'share_type': 'default'}
        share = self.call('POST', '/shares', {'share': body}).json()['share']['id']
        status = self._wait(share, ('available', 'error'), deadline)
        self.call('DELETE', f'/shares/{share}')
        self._wait(share, ('gone', 'error_deleting'), deadline)
        if status != 'available':
            raise RuntimeError(f'a share came out as {status}')

    def _wait(self, share, ends, deadline):
        while True:
            answer = self.call('GET', f'/shares/{share}', also=(404,))
            gone = answer.status_code == 404
            status = 'gone' if gone else answer.json()['share']['status']
            if status in ends:
                return status
            if time.monotonic() > deadline:
                raise RuntimeError(f'a share stays {status}')
            time.sleep(0.05)


def prepare(auth_url, password, url):
    """Make the share types, and wait until shares can be made."""
    manila = Manila(auth_url, password, url)
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            manila.make_types()
            manila.make_and_delete_share(deadline)
            return
        except (exceptions.ClientException, RuntimeError) as error:
            if time.monotonic() > deadline:
                sys.exit(f'after {_PATIENCE} s: {error}')
        time.sleep(0.2)


COMMANDS = {
    'make-database': make_database,
    'drop-database': drop_database,
    'register': register,
    'prepare': prepare,
}


if __name__ == '__main__':
    try:
        COMMANDS[sys.argv[1]](*sys.argv[2:])
    except exceptions.ClientException as error:
        sys.exit(str(error))
