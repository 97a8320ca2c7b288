"""Options of who gets in."""

from oslo_config import cfg

GROUP = 'api'

_ADMIN_ID = '0' * 31 + '1'

OPTS = [
    cfg.StrOpt(
        'auth_strategy',
        default='keystone',
        choices=[
            ('keystone', 'tokens, validated by [keystone_authtoken]'),
            ('http_basic', 'names and passwords of http_basic_user_file'),
            ('noauth', 'everybody is the noauth user; loopback only'),
        ],
        help='How callers prove who they are.',
    ),
    cfg.StrOpt(
        'http_basic_user_file',
        default='/etc/mogan_like/users.yaml',
        help='The users of auth_strategy http_basic: a YAML file, best of '
        'mode 0600, with a list "users" of name, password_hash (bcrypt, '
        'as "htpasswd -nbB" prints it behind the colon), user_id, '
        'project_id, project_name (default: project_id) and roles (a '
        'list). Changes are picked up with the next request; replace '
        'the file in one step, by renaming. While it cannot be read or '
        'is wrong, every caller gets 503.',
    ),
    cfg.StrOpt(
        'noauth_user_id',
        default=_ADMIN_ID,
        help='The id of everybody under auth_strategy noauth.',
    ),
    cfg.StrOpt(
        'noauth_project_id',
        default=_ADMIN_ID,
        help='The project id of everybody under auth_strategy noauth.',
    ),
    cfg.ListOpt(
        'noauth_roles',
        default=['admin', 'manager', 'member', 'reader'],
        help='The roles of everybody under auth_strategy noauth.',
    ),
    cfg.BoolOpt(
        'noauth_force',
        default=False,
        help='Let auth_strategy noauth also serve callers from other '
        'machines, or through a proxy. Whoever reaches the port is then '
        'an administrator. A proxy on this machine that adds neither '
        'X-Forwarded-For nor Forwarded, X-Real-IP or Via cannot be told '
        'from a local caller, forced or not.',
    ),
]


def register_opts(conf):
    """Register the options of this folder."""
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """``[(group, options)]`` for the configuration reference."""
    return [(GROUP, OPTS)]


def set_keystone_defaults():
    """Give ``[keystone_authtoken]`` the defaults that suit this service.

    An unreachable Keystone has to be an answer within 10 s: a call is given
    up after 3 s and tried once more (keystonemiddleware would wait for ever,
    and try four times). The service type is what an application credential's
    access rules are compared with.
    """
    # Half a second of imports, which the other strategies do without.
    from keystonemiddleware import auth_token

    for _, opts in auth_token.AUTH_TOKEN_OPTS:
        cfg.set_defaults(
            opts,
            http_connect_timeout=3,
            http_request_max_retries=1,
            service_type='baremetal_compute',
        )
