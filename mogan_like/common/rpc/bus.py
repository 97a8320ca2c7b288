"""This process's connection to the broker, and the time limit on using it."""

import copy
import math
import threading

from oslo_log import log
import oslo_messaging

from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common.config import CONF
from mogan_like.common.rpc import transport
from mogan_like.common.rpc.deadline import Runner
from mogan_like.common.rpc.notifier import Notifier

LOG = log.getLogger(__name__)

#: Most threads that a lost broker can hold up; they are made as needed.
_SENDERS = 64
_CLOSE_SECONDS = 2

_bus = None


def init():
    """Make this process ready for RPC; call it in the process that uses it.

    Connects to nothing yet. A second call changes nothing.
    """
    global _bus
    if _bus is None:
        _bus = Bus()


def cleanup():
    """Close what :func:`init` and the calls since opened, in bounded time."""
    global _bus
    bus, _bus = _bus, None
    if bus is not None:
        bus.close()


def notify(event_type, payload):
    """Tell whoever listens; see :class:`.notifier.Notifier`.

    Nothing is sent by a process that :func:`init` was not called in.

    :param payload: plain values
    """
    if _bus is not None:
        _bus.notifier.notify(event_type, payload)


def is_notifying():
    """False when it is known that nobody would be told."""
    return _bus is not None and _bus.notifier.is_enabled


def current():
    """The bus that :func:`init` made."""
    if _bus is None:
        raise RuntimeError('common.rpc.init() was not called.')
    return _bus


class Bus:
    """Sends; every method ends in the time it is given.

    :ivar notifier: sends what nobody waits for
    """

    def __init__(self):
        self.notifier = Notifier()
        self._transport = transport.make()
        # Its driver keeps to a timeout by itself, at half the cost.
        self._local = transport.is_local()
        # For a new connection the driver takes a broker by chance, and does
        # not try the next when the first is dead.
        hosts = transport.count_hosts()
        self._tries = 4 * hosts if hosts > 1 else 1
        self._runner = Runner('rpc', _SENDERS)
        self._clients = {}
        self._lock = threading.Lock()
        self._linking_since = None
        self._linked = threading.Event()
        self._closed = threading.Event()

    def call(self, namespace, seconds, ctx, method, args):
        """What the conductor's method returns.

        :raises: whatever oslo.messaging does; OSError (TimeoutError, no link)
        """
        deadline = clock.monotonic() + seconds
        if not self._local:
            self._await_link(seconds)
        left = deadline - clock.monotonic()
        ctx = copy.copy(ctx)
        ctx.answer_by = deadline
        client = self._client(namespace).prepare(timeout=left)
        return self._run(left, client.call, ctx, method, args)

    def cast(self, namespace, seconds, fanout, ctx, method, args):
        """Return when the broker has taken the message.

        :raises: whatever oslo.messaging does; TimeoutError
        """
        client = self._client(namespace).prepare(fanout=fanout)
        self._run(seconds, client.cast, ctx, method, args)

    def close(self):
        """Give up the connections; a lost broker may keep some."""
        self._closed.set()
        self.notifier.close()
        try:
            self._runner.run(_CLOSE_SECONDS, self._transport.cleanup)
        except TimeoutError:
            LOG.warning('The connection to the message broker did not close.')
        self._runner.close()

    def _run(self, seconds, send, ctx, method, args):
        if self._local:
            return send(ctx, method, **args)
        deadline = clock.monotonic() + seconds
        return self._runner.run(
            seconds, lambda: self._send(deadline, send, ctx, method, args)
        )

    def _send(self, deadline, send, ctx, method, args):
        tries = self._tries
        mended = False
        while True:
            tries -= 1
            try:
                return send(ctx, method, **args)
            except Exception as e:
                if transport.was_channel_closed(e) and not mended:
                    self._mend()
                    mended = True
                elif tries <= 0 or not transport.was_never_sent(e):
                    raise
                # Nothing is sent any more that the caller has given up.
                if clock.monotonic() > deadline:
                    raise

    def _mend(self):
        """Have the driver open what it sends on again.

        Without a retry it never does so after the broker has closed a channel, as
        it does when an exchange is gone, and every later message fails. What is
        sent here with a retry may arrive twice.
        """
        ctx = context.for_job(overwrite=False)
        self._client('base').prepare(retry=1).cast(ctx, 'ping')

    def _client(self, namespace):
        client = self._clients.get(namespace)
        if client is None:
            target = oslo_messaging.Target(
                topic=CONF.conductor.rpc_topic,
                namespace=namespace,
                version=transport.VERSION,
            )
            # A retry could deliver twice: a broker may have taken what it did
            # not live to confirm.
            client = self._clients[namespace] = oslo_messaging.get_rpc_client(
                self._transport, target, serializer=transport.Serializer(), retry=0
            )
        return client

    def _await_link(self, seconds):
        if self._linked.is_set():
            return
        with self._lock:
            if self._linking_since is None:
                self._linking_since = clock.monotonic()
                self._runner.submit(self._link)
        # The first callers wait for the broker; when it has been away for
        # longer than anyone waits, later ones are told so at once.
        left = self._linking_since + seconds - clock.monotonic()
        if not self._linked.wait(max(0, left)):
            raise ConnectionError('the message broker has not answered yet')

    def _link(self):
        """Make the connection for replies, which has no time limit.

        A caller would be held in it, and what it gave up long ago would be
        sent at last when the broker comes.
        """
        ping = self._client('base').prepare(timeout=0.5).call
        ctx = context.for_job(overwrite=False)
        while not self._closed.is_set():
            try:
                self._send(math.inf, ping, ctx, 'ping', {})
            except (oslo_messaging.MessagingTimeout, oslo_messaging.RemoteError):
                break  # a broker, but no conductor
            except Exception as e:
                LOG.warning('No message broker yet: %s', e)
                self._closed.wait(1)
            else:
                break
        self._linked.set()
        if self._closed.is_set():
            self._transport.cleanup()
