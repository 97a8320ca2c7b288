"""The transport, its defaults, and what crosses it.

Queues are as the operator sets them up (``[oslo_messaging_rabbit]``: quorum,
durable, TLS and so on); only what decides how soon a lost broker is noticed and
found again has defaults of this project.
"""

from oslo_config import cfg
import oslo_messaging

from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common import rpc_conf
from mogan_like.common.config import CONF

#: Of every namespace. Arguments are only ever added, with defaults.
VERSION = '1.0'

#: In the context of a call: for how many seconds its caller waits on.
_LEFT = 'answer_within'
#: Written there by who takes the message, before it waits for a thread.
_ARRIVED = 'arrived_at'

rpc_conf.register_opts(CONF)


def set_defaults(transport_url=None):
    """Set what oslo.messaging takes when nothing is configured.

    :param transport_url: instead of RabbitMQ on this host
    """
    oslo_messaging.set_transport_defaults('mogan_like')
    if transport_url is not None:
        oslo_messaging.TransportURL(CONF)  # registers the option
        CONF.set_default('transport_url', transport_url)


def set_rabbit_defaults():
    """Set how soon a lost RabbitMQ is noticed and found again."""
    # Here, because the embedded default starts faster without kombu.
    from oslo_messaging._drivers import impl_rabbit

    cfg.set_defaults(
        impl_rabbit.rabbit_opts,
        # A peer that fell silent counts as gone after twice this, and until
        # then replies are lost: 60 would be two minutes of 503. A few seconds
        # would raise false alarms.
        heartbeat_timeout_threshold=10,
        # The longest pause between attempts to reconnect: 30 would be half a
        # minute of 503 after the broker is back.
        rabbit_interval_max=5,
        # A reply whose caller is gone holds one of the conductor's threads;
        # oslo.messaging's own advice is no longer than callers wait.
        kombu_missing_consumer_retry_timeout=10,
    )


def make():
    """A transport as configured; it connects to nothing yet."""
    set_defaults()
    if _scheme() in ('rabbit', 'kombu'):
        set_rabbit_defaults()
    return oslo_messaging.get_rpc_transport(
        CONF, allowed_remote_exmods=[exception.__name__]
    )


def is_local():
    """True when no broker is involved."""
    return _scheme() == 'inprocess'


def count_hosts():
    """How many brokers the URL names."""
    return len(oslo_messaging.TransportURL.parse(CONF).hosts)


def was_never_sent(error):
    """True for what RabbitMQ's driver raises when it finds no connection.

    Where a message may have left, it raises an error of oslo.messaging.
    """
    # By name: kombu is not loaded where there is no broker.
    return type(error).__module__ == 'kombu.exceptions'


def was_channel_closed(error):
    """True when it was not sent since the broker had closed the channel before."""
    while error is not None:
        if type(error).__module__ == 'amqp.exceptions':
            # What amqp raises before it writes anything.
            return 'already closed' in str(error)
        error = error.__cause__ or error.__context__
    return False


def _scheme():
    return oslo_messaging.TransportURL.parse(CONF).transport


def mark_arrival(wire):
    """Have the seconds that its caller waits on count from now.

    They count from here and not from when it was sent: the clocks of two hosts may
    differ by more than callers wait, and a broker hands messages on at once. Only one
    that nobody was there to take has waited longer.

    :param wire: the context of a message
    """
    wire[_ARRIVED] = clock.monotonic()


class Serializer(oslo_messaging.NoOpSerializer):
    """Contexts cross RPC as plain values, everything else is plain already."""

    def serialize_context(self, ctx):
        wire = ctx.to_wire()
        if ctx.answer_by is not None:
            wire[_LEFT] = ctx.answer_by - clock.monotonic()
        return wire

    def deserialize_context(self, wire):
        ctx = context.RequestContext.from_wire(wire)
        # An older API does not send it.
        if wire.get(_LEFT) is not None:
            ctx.answer_by = wire.get(_ARRIVED, clock.monotonic()) + wire[_LEFT]
        return ctx
