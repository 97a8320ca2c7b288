"""Options of triggers."""

from oslo_config import cfg

TRIGGERS = cfg.OptGroup('triggers', title='Triggers of scheduled operations')

TRIGGERS_OPTS = [
    cfg.IntOpt(
        'min_interval',
        default=300,
        min=1,
        max=31536000,
        help='Seconds that have to be between two runs of a trigger. A pattern whose '
        'runs are closer is refused; when this is raised, triggers that are there '
        'leave out the runs that come too soon.',
    ),
    cfg.IntOpt(
        'window',
        default=900,
        min=0,
        max=2592000,
        help='Seconds after its time in which a run is not late yet, for triggers '
        'that do not say. A late run is done all the same, and says so.',
    ),
]


def list_opts():
    """[(group, options)] for the generated configuration reference."""
    return [(TRIGGERS, TRIGGERS_OPTS)]


def register_opts(conf):
    """Make the options known to ``conf``."""
    conf.register_group(TRIGGERS)
    conf.register_opts(TRIGGERS_OPTS, group=TRIGGERS)
