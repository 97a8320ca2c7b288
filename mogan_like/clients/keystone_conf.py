"""Options of the client of Keystone, which makes and deletes trusts."""

from oslo_config import cfg

GROUP = cfg.OptGroup('keystone', title='Keystone, which makes trusts')

#: Whose credentials are taken when this section has none of its own.
FALLBACK = 'keystone_authtoken'

OPTS = [
    cfg.StrOpt(
        'endpoint_override',
        help='URL of Keystone\'s API, "http://keystone:5000/v3" for example. '
        'Without it the one of its catalog is taken.',
    ),
    cfg.StrOpt(
        'interface',
        default='internal',
        choices=['public', 'internal', 'admin'],
        help='Which of its endpoints in the catalog is used.',
    ),
    cfg.StrOpt('region_name', help='Region of the endpoint; any, if not set.'),
]

# Of keystoneauth. Two or three calls make a trust, and whoever asked for what
# needs it waits for them.
_TIMEOUT_S = 3


def register_opts(conf):
    """Register the options of this client; keystoneauth's come when it is used."""
    conf.register_opts(OPTS, group=GROUP)


def register_auth_opts(conf):
    """Register what keystoneauth reads: auth_type, timeout, cafile and so on."""
    # An eighth of a second of imports, which a service without Keystone spares.
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
    password = loading.get_auth_plugin_conf_options('password')
    return [(GROUP, [*_session_opts(), *auth, *password])]


def _session_opts():
    from keystoneauth1 import loading

    opts = loading.get_session_conf_options()
    cfg.set_defaults(opts, timeout=_TIMEOUT_S)
    return opts
