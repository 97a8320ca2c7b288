"""Options of leases."""

from oslo_config import cfg

from mogan_like.db import quotas

LEASES = cfg.OptGroup('leases', title='Leases')

LEASES_OPTS = [
    cfg.IntOpt(
        'plugin_timeout',
        default=900,
        min=1,
        max=86400,
        help='Seconds that a call of a resource plugin may take, unless the '
        'plugin has a limit of its own. Past that the lease is given up by '
        'this conductor and tried again, and the thread counts as lost.',
    ),
    cfg.IntOpt(
        'workers',
        default=64,
        min=1,
        max=1024,
        help='Threads for calls of resource plugins, shared out evenly: no '
        'plugin takes more than its share, however slow it is.',
    ),
    cfg.IntOpt(
        'before_end_minutes',
        default=60,
        min=1,
        max=525600,
        help='Minutes before the end of a lease at which what is to be done '
        'before it begins, unless the lease says when.',
    ),
    cfg.IntOpt(
        'before_end_grace',
        default=60,
        min=0,
        max=86400,
        help='Seconds that the end of a lease waits for what is to be done '
        'before it and has not been done yet.',
    ),
    cfg.IntOpt(
        'max_lease_duration',
        default=-1,
        min=-1,
        help='The longest time in seconds that a lease may last; -1 for any.',
    ),
    cfg.IntOpt(
        'max_advance',
        default=-1,
        min=-1,
        help='How far ahead in seconds a lease may start; -1 for any time.',
    ),
    cfg.BoolOpt(
        'notifications',
        default=True,
        help='Tell of what happens to leases by oslo.messaging notifications. '
        'They go where [oslo_messaging_notifications]driver says, which is '
        'nowhere by default.',
    ),
]

QUOTA_OPTS = [
    cfg.IntOpt(
        'leases',
        default=100,
        min=-1,
        help='How many leases a project may have that have not ended; -1 for '
        'any number.',
    ),
    cfg.IntOpt(
        'reserved_nodes',
        default=100,
        min=-1,
        help='How many nodes may be reserved for a project at one time; -1 '
        'for any number.',
    ),
]

quotas.register('leases')
quotas.register('reserved_nodes')


def list_opts():
    """[(group, options)] for the generated configuration reference."""
    return [(LEASES, LEASES_OPTS), ('quota', QUOTA_OPTS)]


def register_opts(conf):
    """Make the options known to ``conf``."""
    conf.register_group(LEASES)
    conf.register_opts(LEASES_OPTS, group=LEASES)
    conf.register_opts(QUOTA_OPTS, group='quota')
