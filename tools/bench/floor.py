"""The least that this stack can do the work with, for gunicorn.

Pecan and WSME as they come, keystonemiddleware with its own cache, SQLAlchemy
without anything around it. No policy, no versions, no errors, no audit.
"""

import datetime
import os

from keystonemiddleware import auth_token
import orjson
from oslo_config import cfg
import oslo_messaging
import pecan
from pecan import rest
import sqlalchemy as sa
from wsme import types
from wsmeext.pecan import wsexpose

from tools.bench import site

CONF = cfg.CONF

#: What GET of one instance shows; one in a list too.
COLUMNS = (
    'uuid',
    'name',
    'description',
    'status',
    'power_state',
    'project_id',
    'user_id',
    'flavor_uuid',
    'image_uuid',
    'availability_zone',
    'key_name',
    'created_at',
    'updated_at',
    'launched_at',
    'deleted_at',
    'metadata',
    'networks',
    'addresses',
    'fault',
    'node_uuid',
)
_TIMES = ('created_at', 'updated_at', 'launched_at', 'deleted_at')

_I = sa.table('instances', *map(sa.column, (*COLUMNS, 'id', 'deleted'))).c
_SELECT = sa.select(*(_I[name] for name in COLUMNS))
_SHOW = _SELECT.where(_I.uuid == sa.bindparam('uuid'))
_DETAIL = (
    _SELECT.where(_I.project_id == site.PROJECT, _I.deleted == 0)
    .order_by(_I.created_at.desc(), _I.id.desc())
    .limit(1000)
)

#: What a page of leases shows, with what belongs to each.
LEASES_PER_PAGE = 100
_LEASE = (
    'uuid',
    'name',
    'project_id',
    'user_id',
    'trust_id',
    'start_date',
    'end_date',
    'before_end_date',
    'status',
    'degraded',
    'ended_by_user_id',
    'created_at',
    'updated_at',
    'deleted_at',
)
_RESERVATION = (
    'uuid',
    'lease_uuid',
    'resource_id',
    'resource_type',
    'status',
    'missing_resources',
    'resources_changed',
    'requested',
    'created_at',
    'updated_at',
)
_EVENT = (
    'uuid',
    'lease_uuid',
    'event_type',
    'time',
    'status',
    'result',
    'created_at',
    'updated_at',
)


def _select_part(table, columns):
    """What belongs to some leases."""
    of = sa.table(table, *map(sa.column, (*columns, 'id'))).c
    return (
        sa.select(*(of[name] for name in columns))
        .where(of.lease_uuid.in_(sa.bindparam('uuids', expanding=True)))
        .order_by(of.id)
    )


_L = sa.table('leases', *map(sa.column, (*_LEASE, 'id', 'deleted'))).c
_LEASES = (
    sa.select(*(_L[name] for name in _LEASE))
    .where(_L.project_id == site.PROJECT, _L.deleted == 0)
    .order_by(_L.created_at.desc(), _L.id.desc())
    .limit(LEASES_PER_PAGE)
)
#: What a lease has, by the name that it is shown under.
_PARTS = {
    'reservations': (_RESERVATION, _select_part('reservations', _RESERVATION)),
    'events': (_EVENT, _select_part('lease_events', _EVENT)),
}

#: What locks are kept in: the columns of a lock, and an audit with one index.
METADATA = sa.MetaData()
LOCKS = sa.Table(
    'floor_locks',
    METADATA,
    sa.Column('uuid', sa.String(36), primary_key=True),
    sa.Column('status', sa.String(16), nullable=False),
    sa.Column('locked_by', sa.String(16)),
    sa.Column('lock_reason', sa.String(255)),
    sa.Column('updated_at', sa.DateTime),
)
ACTIONS = sa.Table(
    'floor_actions',
    METADATA,
    sa.Column('id', sa.BigInteger, primary_key=True),
    sa.Column('object_id', sa.String(36), index=True),
    sa.Column('action', sa.String(32)),
    sa.Column('request_id', sa.String(64)),
    sa.Column('user_id', sa.String(64)),
    sa.Column('project_id', sa.String(64)),
    sa.Column('started_at', sa.DateTime),
    sa.Column('result', sa.String(16)),
)


def load():
    """Read the site's configuration and connect to its database."""
    file = os.environ['MOGAN_LIKE_CONFIG']
    CONF([], project='floor', default_config_files=[file])
    CONF.register_opts([cfg.StrOpt('connection'), cfg.StrOpt('topic')], group='floor')
    return sa.create_engine(CONF.floor.connection)


def make_target(**where):
    """Where the floor's conductor listens."""
    return oslo_messaging.Target(topic=CONF.floor.topic, version='1.0', **where)


def make_application():
    """The WSGI application."""
    engine = load()
    transport = oslo_messaging.get_rpc_transport(CONF)
    client = oslo_messaging.get_rpc_client(transport, make_target())
    root = type(
        'Root',
        (),
        {
            'detail': Detail(engine),
            'instances': Instances(engine),
            'leases': Leases(engine),
            'locks': Locks(client),
        },
    )
    settings = {'oslo_config_config': CONF, 'include_service_catalog': False}
    return auth_token.AuthProtocol(pecan.make_app(root()), settings)


class Detail:
    """Pecan, one SELECT, orjson."""

    def __init__(self, engine):
        self._engine = engine

    @pecan.expose()
    def index(self):
        """The instances of a project."""
        with self._engine.connect() as conn:
            rows = conn.execute(_DETAIL).all()
        response = pecan.response
        response.content_type = 'application/json'
        response.body = orjson.dumps(
            {'instances': [dict(zip(COLUMNS, row, strict=True)) for row in rows]}
        )
        return response


class Leases:
    """Pecan, three SELECTs, orjson."""

    def __init__(self, engine):
        self._engine = engine

    @pecan.expose()
    def index(self):
        """The leases of a project, with what belongs to them."""
        with self._engine.connect() as conn:
            rows = conn.execute(_LEASES).all()
            leases = {row[0]: dict(zip(_LEASE, row, strict=True)) for row in rows}
            for name, (columns, query) in _PARTS.items():
                for lease in leases.values():
                    lease[name] = []
                for row in conn.execute(query, {'uuids': list(leases)}):
                    part = dict(zip(columns, row, strict=True))
                    leases[part['lease_uuid']][name].append(part)
        response = pecan.response
        response.content_type = 'application/json'
        response.body = orjson.dumps({'leases': list(leases.values())})
        return response


Instance = type(
    'Instance',
    (types.Base,),
    {name: datetime.datetime if name in _TIMES else types.text for name in COLUMNS},
)


class Instances(rest.RestController):
    """Pecan, WSME, one SELECT."""

    def __init__(self, engine):
        self._engine = engine

    @wsexpose(Instance, types.text)
    def get_one(self, uuid):
        """One instance."""
        with self._engine.connect() as conn:
            row = conn.execute(_SHOW, {'uuid': uuid}).one()
        return Instance(**row._mapping)


class Lock(types.Base):
    """The body of a POST: to lock or to unlock."""

    lock = types.wsattr(bool, mandatory=True)


class Action(types.Base):
    """The answer to it."""

    request_id = types.text
    result = types.text


class Locks(rest.RestController):
    """Pecan, WSME, one RPC call."""

    def __init__(self, client):
        self._client = client

    @wsexpose(Action, types.text, body=Lock, status_code=202)
    def post(self, uuid, body):
        """Lock or unlock an instance."""
        self._client.call({}, 'lock', uuid=uuid, lock=body.lock)
        return Action(request_id=f'req-{uuid}', result='success')
