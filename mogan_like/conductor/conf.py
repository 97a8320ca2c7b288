"""Options of the conductor."""

from oslo_config import cfg

GROUP = cfg.OptGroup('conductor', title='Conductor')

OPTS = [
    cfg.IntOpt(
        'processes',
        default=1,
        min=1,
        max=64,
        help='How many conductor processes to run on this host.',
    ),
    cfg.IntOpt(
        'workers',
        default=64,
        min=1,
        max=4096,
        help='How many long jobs (builds, deletes, power actions) one '
        'process runs at a time.',
    ),
    cfg.IntOpt(
        'backlog',
        default=1000,
        min=0,
        help='How many accepted jobs may wait for a worker in one '
        'process. When all workers are busy and the backlog is '
        'full, requests are answered 503 with Retry-After and '
        'nothing is done.',
    ),
    cfg.IntOpt(
        'claim_ttl',
        default=30,
        min=3,
        max=3600,
        help='Seconds for which a conductor holds the work it is at. '
        'It renews its hold all the while; when it dies, another '
        'conductor takes over after this time.',
    ),
    cfg.FloatOpt(
        'scan_interval',
        default=1.0,
        min=0.05,
        max=60,
        help='Seconds after which a conductor looks for due work '
        'even if nobody told it of any. Work that another '
        'conductor left behind waits at most this much longer.',
    ),
    cfg.IntOpt(
        'retry_delay',
        default=2,
        min=1,
        max=3600,
        help='Seconds before failed work is first tried again; doubled '
        'at every further try, with jitter.',
    ),
    cfg.IntOpt(
        'retry_delay_max',
        default=300,
        min=1,
        max=86400,
        help='The longest time in seconds between two tries.',
    ),
    cfg.IntOpt(
        'graceful_shutdown_timeout',
        default=60,
        min=0,
        max=86400,
        help='Seconds that running jobs have to end after SIGTERM. '
        'What is left then is taken up by another conductor or '
        'at the next start.',
    ),
]


METRICS = cfg.OptGroup('metrics', title='Metrics')

METRICS_OPTS = [
    cfg.StrOpt(
        'listen',
        default='',
        regex=r'^(|(\S+|\[[0-9A-Fa-f:]+\]):[0-9]{1,5})$',
        help='Where a conductor serves its metrics as Prometheus text at '
        '/metrics: an address of this host and a port, 127.0.0.1:9327 for '
        "example. They are nobody's secret but nobody is asked who they are, "
        'so take a loopback address. Of several processes on a host each takes '
        'the next port. Empty for no metrics.',
    )
]


def list_opts():
    """[(group, options)] for the generated configuration reference."""
    return [(GROUP, OPTS), (METRICS, METRICS_OPTS)]


def register_opts(conf):
    """Make the options known to ``conf``."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)
    conf.register_group(METRICS)
    conf.register_opts(METRICS_OPTS, group=METRICS)
