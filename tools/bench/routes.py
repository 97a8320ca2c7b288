"""Every list that the API has, by every filter and sort key."""

import dataclasses
import itertools
import typing
import urllib.parse

from tools.bench import seeds

#: A page is as long in both sites, whatever narrows the list.
PAGE = 20
_MEMBER = ('member', {})
_ADMIN = ('admin', {})
_ALL_PROJECTS = ('admin', {'all_projects': 'true'})


@dataclasses.dataclass(frozen=True)
class List:
    """One list that can be asked for.

    :ivar query: parameters; a :class:`Newest` is looked up
    :ivar persona: who asks
    :ivar marker: what of an item is the marker of the page after it
    """

    path: str
    query: dict
    persona: str
    marker: str = 'uuid'
    default_dir: str = 'desc'

    @property
    def label(self):
        """Path and query as a person reads it."""
        words = (f'{name}={value}' for name, value in self.query.items())
        return ' '.join((self.path, *words, f'({self.persona})'))

    def make_path(self, database, backwards=False, **more):
        """The path with its query, in one of the two directions."""
        directions = ['desc', 'asc']
        if self.default_dir == 'asc':
            directions.reverse()
        query = {
            'limit': PAGE,
            'sort_dir': directions[backwards],
            **{name: _look_up(database, value) for name, value in self.query.items()},
            **more,
        }
        return f'{self.path}?{urllib.parse.urlencode(query)}'


class Newest(typing.NamedTuple):
    """The time since when a hundred rows are."""

    column: str
    table: str

    def __str__(self):
        return 'the last 100'

    def look_up(self, database):
        """The time as a parameter."""
        ((time,),) = database.execute(
            f'SELECT {self.column} FROM {self.table} '
            f'ORDER BY {self.column} DESC LIMIT 1 OFFSET 99'
        )
        return time.isoformat()


def _look_up(database, value):
    return value.look_up(database) if isinstance(value, Newest) else value


@dataclasses.dataclass(frozen=True)
class Family:
    """Lists that read the same tables.

    :ivar tables: ``{table: columns}`` as of :meth:`.database.Database.fill`
    :ivar make_lists: gives the :class:`List` of each
    :ivar small: tables that need few rows in both sites
    """

    name: str
    tables: dict
    make_lists: object
    small: tuple = ()


def _list_instances():
    scopes = (_MEMBER, _ALL_PROJECTS)
    filters = _each(
        status='ACTIVE',
        name='metal',
        locked='true',
        flavor_uuid=seeds.make_uuid('flavor', 3),
        deleted='true',
    )
    filters += [{'status': 'ERROR'}, {'locked': 'false'}, {'name': 'metal-0000106'}]
    changes = [
        {'changes_since': '2026-01-01T00:10'},
        {'changes_since': '2026-01-06'},
        {'changes_since': Newest('updated_at', 'instances')},
    ]
    node = [{'node_uuid': seeds.make_uuid('node', 106)}]
    keys = ('created_at', 'name', 'status')
    for path in ('/v1/instances', '/v1/instances/detail'):
        yield from _cross(path, scopes, keys, filters)
        yield from _cross(path, scopes, [None], changes)
        yield from _cross(path, [_ALL_PROJECTS], keys, node)


def _list_actions():
    uuid = seeds.make_uuid('instance', 18)
    search = _each(
        object_type='keypair',
        instance=uuid,
        user_id=seeds.make_hash('user', 7),
        project_id=seeds.make_hash('project', 7),
        owner_project_id=seeds.make_hash('project', 7),
        action='lock',
        request_id='req-' + seeds.make_uuid('request', 106),
        result='refused',
        started_since='2026-01-01T00:10',
        started_before='2026-01-01T00:10',
        events='true',
    )
    search += [
        {'object_type': 'instance'},
        {'result': 'success'},
        {'started_since': Newest('started_at', 'actions')},
        {'started_before': Newest('started_at', 'actions')},
    ]
    yield from _cross('/v1/actions', [_ADMIN], [None], search, marker='id')
    of_one = _each(
        changes_since='2026-01-01T00:06',
        changes_before='2026-01-01T00:06',
        events='true',
    )
    path = f'/v1/instances/{uuid}/actions'
    yield from _cross(path, [_ADMIN], [None], of_one, marker='request_id')


def _list_nodes():
    filters = _each(resource_class='gold', maintenance='true')
    filters.append({'maintenance': 'false'})
    yield from _cross('/v1/nodes', [_ADMIN], ('created_at', 'name'), filters)


def _list_flavors():
    yield from _cross('/v1/flavors', [_MEMBER, _ADMIN], ('created_at', 'name'), [{}])


def _list_keypairs():
    more = {'marker': 'name', 'default_dir': 'asc'}
    yield from _cross('/v1/keypairs', [_MEMBER], [None], [{}], **more)


def _cross(path, scopes, sort_keys, filters, **more):
    """A list for each combination."""
    for (persona, scope), key, chosen in itertools.product(scopes, sort_keys, filters):
        order = {'sort_key': key} if key else {}
        yield List(path, {**scope, **order, **chosen}, persona, **more)


def _each(**filters):
    """No filter, and each alone."""
    return [{}, *({name: value} for name, value in filters.items())]


FAMILIES = (
    Family('instances', {'instances': seeds.INSTANCES}, _list_instances),
    Family(
        'actions',
        {
            'instances': seeds.INSTANCES,
            'actions': seeds.ACTIONS,
            'action_events': seeds.EVENTS,
        },
        _list_actions,
        small=('instances',),
    ),
    Family('nodes', {'nodes': seeds.NODES}, _list_nodes),
    Family('flavors', {'flavors': seeds.FLAVORS}, _list_flavors),
    Family('keypairs', {'keypairs': seeds.KEYPAIRS}, _list_keypairs),
)
