"""Options of instances and their quotas."""

from oslo_config import cfg

from mogan_like.db import quotas

INSTANCES = cfg.OptGroup('instances', title='Instances')
QUOTA = cfg.OptGroup('quota', title='Quotas')

INSTANCES_OPTS = [
    cfg.StrOpt(
        'driver',
        default='fake',
        help='How instances are made: the name of an entry point of '
        'mogan_like.instance.drivers. An unknown name stops the '
        'start of the conductor.',
    ),
    cfg.IntOpt(
        'inventory_interval',
        default=60,
        min=1,
        max=86400,
        help='Seconds between two looks at the inventory of the driver.',
    ),
    cfg.IntOpt(
        'job_timeout',
        default=7200,
        min=1,
        max=604800,
        help='Seconds that one build, rebuild, power action or delete '
        'may take. Past that the conductor lets go of it, and it '
        'is tried again.',
    ),
    cfg.IntOpt(
        'max_attempts',
        default=3,
        min=1,
        max=100,
        help='How often a build, rebuild or power action is begun '
        'before it is given up as failed: it is begun again when '
        'the conductor that was at it died. A delete is tried '
        'until it succeeds.',
    ),
]

QUOTA_OPTS = [
    cfg.IntOpt(
        'instances',
        default=10,
        min=-1,
        help='How many instances a project may have; -1 for any number.',
    ),
    cfg.IntOpt(
        'keypairs',
        default=100,
        min=-1,
        help='How many keypairs a user may have; -1 for any number.',
    ),
]

quotas.register('instances')
quotas.register('keypairs', per_user=True)


def list_opts():
    """[(group, options)] for the generated configuration reference."""
    return [(INSTANCES, INSTANCES_OPTS), (QUOTA, QUOTA_OPTS)]


def register_opts(conf):
    """Make the options known to ``conf``."""
    for group, opts in list_opts():
        conf.register_group(group)
        conf.register_opts(opts, group=group)
