"""Options of the audit."""

from oslo_config import cfg

GROUP = cfg.OptGroup('actions', title='Audit')

OPTS = [
    cfg.IntOpt(
        'retention',
        default=400,
        min=1,
        help='Days for which actions are kept, whether the object they '
        'speak of is still there or not. mogan-like-manage purge '
        'drops older ones.',
    ),
    cfg.IntOpt(
        'max_events',
        default=200,
        min=10,
        max=100000,
        help='Events that are kept of one action, of a delete for example that '
        'is tried again and again. When there are more, the first and the '
        'last stay, and one event "omitted" says how many others there were.',
    ),
]


def list_opts():
    """[(group, options)] for the generated configuration reference."""
    return [(GROUP, OPTS)]


def register_opts(conf):
    """Make the options known to ``conf``."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)
