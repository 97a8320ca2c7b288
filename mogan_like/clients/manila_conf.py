"""Options of the client of Manila."""

from oslo_config import cfg

GROUP = cfg.OptGroup('manila', title='Manila, the service of the shares')

#: What a scope is made of in keystoneauth's options. Ours is the project that
#: something is done for, so these are not looked at.
SCOPE = (
    'project_id',
    'project_name',
    'project_domain_id',
    'project_domain_name',
    'domain_id',
    'domain_name',
    'system_scope',
    'trust_id',
)

OPTS = [
    cfg.StrOpt(
        'endpoint_override',
        help='URL of Manila\'s v2 API, "http://manila:8786/v2" for example. '
        "Without it the one of Keystone's catalog is taken.",
    ),
    cfg.StrOpt(
        'service_type', default='sharev2', help='What Manila is called in the catalog.'
    ),
    cfg.StrOpt(
        'interface',
        default='public',
        choices=['public', 'internal', 'admin'],
        help='Which of its endpoints is used.',
    ),
    cfg.StrOpt('region_name', help='Region of the endpoint; any, if not set.'),
    cfg.StrOpt(
        'microversion',
        default='2.73',
        # Metadata of a snapshot go with the request that makes it from 2.73 on.
        regex=r'^2\.(7[3-9]|[89]\d|[1-9]\d\d+)$',
        help="Microversion of Manila's API, 2.73 (Manila 15, 2022.2) at least.",
    ),
    cfg.IntOpt(
        'page_size',
        default=200,
        min=2,
        max=1000,
        help='How many shares or snapshots are asked for at a time. Where '
        "Manila's osapi_max_limit is less, it gives fewer, which takes more requests.",
    ),
]

# Of keystoneauth; a Manila that hangs may not keep a worker for ever.
_TIMEOUT_S = 30


def register_opts(conf):
    """Register the options of this client; keystoneauth's come when it is used."""
    conf.register_opts(OPTS, group=GROUP)


def register_auth_opts(conf):
    """Register what keystoneauth reads: auth_type, timeout, cafile and so on."""
    # An eighth of a second of imports, which the API does without.
    from keystoneauth1 import loading

    loading.register_auth_conf_options(conf, GROUP.name)
    conf.register_opts(_session_opts(), group=GROUP)


def list_opts():
    """[(group, options)] for the generated configuration reference."""
    return [(GROUP, OPTS)]


def list_auth_opts():
    """[(group, options)] of what keystoneauth reads, for the same."""
    from keystoneauth1 import loading

    auth = loading.get_auth_common_conf_options()
    password = [
        option
        for option in loading.get_auth_plugin_conf_options('password')
        if option.dest not in SCOPE
    ]
    return [(GROUP, [*_session_opts(), *auth, *password])]


def _session_opts():
    from keystoneauth1 import loading

    opts = loading.get_session_conf_options()
    cfg.set_defaults(opts, timeout=_TIMEOUT_S)
    return opts
