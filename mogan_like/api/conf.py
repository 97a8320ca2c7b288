"""Options of the API tier, and the defaults it gives to oslo.middleware's."""

from oslo_config import cfg
from oslo_middleware import cors
from oslo_middleware import http_proxy_to_wsgi
from oslo_middleware import sizelimit
from oslo_middleware.healthcheck import opts as healthcheck

GROUP = 'api'

OPTS = [
    cfg.HostAddressOpt(
        'host',
        default='127.0.0.1',
        help='The address that the built-in server listens on. Other WSGI '
        'servers have an option of their own.',
    ),
    cfg.PortOpt(
        'port', default=6688, help='The port that the built-in server listens on.'
    ),
    cfg.IntOpt(
        'threads',
        default=10,
        min=1,
        max=1024,
        help='How many requests the built-in server answers at a time.',
    ),
    cfg.FloatOpt(
        'request_timeout',
        default=5,
        min=0.1,
        max=3600,
        help='Seconds that a client may keep the built-in server waiting for its '
        'request, from the first byte to the last of the body, in all. A thread '
        'is held meanwhile. Other WSGI servers and proxies have options of '
        'their own.',
    ),
    cfg.IntOpt(
        'default_limit',
        default=1000,
        min=1,
        help='Items on a page of a list when the request has no limit; '
        'never more than max_limit.',
    ),
    cfg.IntOpt(
        'max_limit',
        default=1000,
        min=1,
        help='Items on a page of a list at most; a request for more is '
        'refused with 400, and under /v2.1 gets as many as these.',
    ),
    cfg.BoolOpt(
        'response_validation',
        default=False,
        help='Check every answer against its JSON schema and answer 500 '
        'where it breaks it. Costs about a fifth of the speed of lists; '
        'the tests run with it.',
    ),
]

#: Entry points in oslo.middleware.healthcheck, see :mod:`.health`.
HEALTH_CHECKS = ['mogan_like_database', 'mogan_like_bus']

_HEADERS = [
    'OpenStack-API-Version',
    'X-OpenStack-Nova-API-Version',
    'X-OpenStack-Request-ID',
    'X-Compute-Request-ID',
]


def register_opts(conf):
    """Register the options, oslo.middleware's included."""
    conf.register_opts(OPTS, group=GROUP)
    cfg.set_defaults(healthcheck.HEALTHCHECK_OPTS, backends=HEALTH_CHECKS)
    conf.register_opts(healthcheck.HEALTHCHECK_OPTS, group='healthcheck')
    cors.set_defaults(
        allow_headers=['X-Auth-Token', 'Idempotency-Key', *_HEADERS],
        expose_headers=_HEADERS,
        allow_methods=['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    )
    conf.register_opts(cors.OPTS, group='cors')
    conf.register_opts(sizelimit.OPTS, group='oslo_middleware')
    conf.register_opts(http_proxy_to_wsgi.OPTS, group='oslo_middleware')


def list_opts():
    """Pairs of group and options; oslo.middleware lists its own."""
    return [(GROUP, OPTS)]
