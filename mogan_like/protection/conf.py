"""Options of protection and its quotas."""

from oslo_config import cfg

from mogan_like.db import quotas

PROTECTION = cfg.OptGroup('protection', title='Protection')

PROTECTION_OPTS = [
    cfg.StrOpt(
        'providers_dir',
        default='/etc/mogan_like/providers.d',
        help='Directory with a file for each provider, whose name ends in .conf, '
        'read at the start of a conductor: the same on every host. One that has '
        'an error is left out, and the log says which line is wrong.',
    ),
    cfg.StrOpt(
        'bank_dir',
        default='/var/lib/mogan-like/bank',
        help='Folder of the filesystem banks of providers whose file names none.',
    ),
    cfg.IntOpt(
        'operations',
        default=32,
        min=1,
        max=1024,
        help='How many checkpoints, restores, verifications and deletes one '
        'conductor is at, at a time.',
    ),
    cfg.IntOpt(
        'parallel',
        default=8,
        min=1,
        max=256,
        help='How many resources of one of them are worked on at a time.',
    ),
    cfg.IntOpt(
        'max_resources',
        default=1000,
        min=1,
        max=100000,
        help='How many resources one checkpoint may have, those that depend on '
        "the plan's included. A checkpoint of more fails and says so.",
    ),
    cfg.IntOpt(
        'job_timeout',
        default=86400,
        min=1,
        max=2592000,
        help='Seconds that one protect, restore, verify or delete may take. '
        'Past that the conductor lets go of it, and it is begun again.',
    ),
    cfg.IntOpt(
        'max_attempts',
        default=5,
        min=1,
        max=100,
        help='How often an operation is begun before it is given up as failed: '
        'it is begun again when the conductor that was at it died, and when its '
        'record could not be written to the bank.',
    ),
    cfg.IntOpt(
        'report_interval',
        default=10,
        min=1,
        max=3600,
        help='Seconds between two reports of a conductor that it is there.',
    ),
    cfg.IntOpt(
        'service_down_time',
        default=60,
        min=1,
        max=86400,
        help='Seconds after its last report from which on a conductor is shown '
        'as down.',
    ),
]

QUOTA_OPTS = [
    cfg.IntOpt(
        'plans',
        default=50,
        min=-1,
        help='How many plans a project may have; -1 for any number.',
    ),
    cfg.IntOpt(
        'checkpoints',
        default=1000,
        min=-1,
        help='How many checkpoints a project may have; -1 for any number.',
    ),
]

quotas.register('plans')
quotas.register('checkpoints')


def list_opts():
    """[(group, options)] for the generated configuration reference."""
    return [(PROTECTION, PROTECTION_OPTS), ('quota', QUOTA_OPTS)]


def register_opts(conf):
    """Make the options known to ``conf``."""
    conf.register_group(PROTECTION)
    conf.register_opts(PROTECTION_OPTS, group=PROTECTION)
    conf.register_opts(QUOTA_OPTS, group='quota')
