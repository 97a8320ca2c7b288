"""Options of RPC; what oslo.messaging has of its own stays its own."""

from oslo_config import cfg

API_OPTS = [
    cfg.FloatOpt(
        'rpc_timeout',
        default=10,
        min=1,
        max=3600,
        help='Seconds to wait for a conductor. When neither a '
        'conductor nor the message broker answers in this time, '
        'the request is answered 503.',
    )
]

CONDUCTOR_OPTS = [
    cfg.IntOpt(
        'rpc_threads',
        default=16,
        min=1,
        max=4096,
        help='How many RPC calls one conductor process serves at the '
        'same time; more wait in memory.',
    ),
    cfg.StrOpt(
        'rpc_topic',
        default='mogan-like-conductor',
        regex=r'^[A-Za-z0-9_.-]{1,128}$',
        advanced=True,
        help='The topic on which API and conductors meet. RabbitMQ '
        'queues are named after it: two installations that share '
        'a virtual host need two topics.',
    ),
]


def list_opts():
    """[(group, options)] for the generated configuration reference."""
    return [('api', API_OPTS), ('conductor', CONDUCTOR_OPTS)]


def register_opts(conf):
    """Make the options known to ``conf``."""
    for group, opts in list_opts():
        conf.register_opts(opts, group=group)
