"""Options of the protection of shares by snapshots."""

from oslo_config import cfg

from mogan_like.common.config import CONF

GROUP = 'manila_share_snapshot'

OPTS = [
    cfg.FloatOpt(
        'poll_interval',
        default=2,
        min=0.01,
        max=3600,
        help='Seconds before Manila is asked a second time how something is coming '
        'along; doubled from one question to the next.',
    ),
    cfg.FloatOpt(
        'poll_interval_max',
        default=30,
        min=0.01,
        max=3600,
        help='Most seconds between two questions.',
    ),
    cfg.IntOpt(
        'poll_timeout',
        default=3600,
        min=1,
        max=604800,
        help='Seconds after which a share or snapshot that is not what it should '
        'become fails its operation.',
    ),
    cfg.IntOpt(
        'poll_errors',
        default=10,
        min=1,
        max=1000,
        help='How often in a row Manila may not answer, or answer with an error of '
        'its own, before that fails the operation.',
    ),
    cfg.IntOpt(
        'force_delete_after',
        default=600,
        min=0,
        max=604800,
        help='Seconds after which a snapshot whose deletion does not come to its end '
        'is deleted by force, which Manila allows administrators only.',
    ),
]


def register_opts(conf):
    """Add the group to a configuration; twice is once."""
    conf.register_opts(OPTS, group=GROUP)


def list_opts():
    """``[(group, options)]`` for the configuration reference."""
    return [(GROUP, OPTS)]


class Options:
    """The options as a provider has them: its own first, then the service's."""

    def __init__(self, own):
        register_opts(CONF)
        self._own = dict(own)

    def __getattr__(self, name):
        return self._own[name] if name in self._own else CONF[GROUP][name]
