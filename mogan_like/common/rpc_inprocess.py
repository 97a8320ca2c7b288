"""oslo.messaging inside one process: no broker, no polling, one thread switch a way.

``inprocess://`` in ``transport_url``. All transports of the process meet on
one bus; ``inprocess:///name`` makes a bus apart. Messages are encoded as they
are for RabbitMQ, so that the two sides never share an object.
"""

import collections
import os
import queue
import sys
import threading
import time

import oslo_messaging
from oslo_messaging._drivers import base
from oslo_messaging._drivers import common
from oslo_serialization import jsonutils

#: How many messages a topic keeps while nobody listens; the oldest go first.
HELD_MAX = 1000


class _Message:
    """What was sent, encoded once and decoded for everyone who gets it.

    :ivar expires: monotonic seconds after which nobody waits for it, or None
    """

    def __init__(self, ctx, message, server, timeout, replies):
        self.body = jsonutils.dumps([ctx, message])
        self.server = server
        self.replies = replies
        self.expires = None if timeout is None else time.monotonic() + timeout

    @property
    def expired(self):
        return self.expires is not None and time.monotonic() >= self.expires


class _Incoming(base.RpcIncomingMessage):
    """A message as the server sees it."""

    def __init__(self, message):
        ctx, body = jsonutils.loads(message.body)
        super().__init__(ctx, body)
        self._replies = message.replies

    def reply(self, reply=None, failure=None):
        if self._replies is None:
            return
        if failure:
            failure = common.serialize_remote_exception(failure)
        try:
            body = jsonutils.dumps([reply, failure])
        except Exception:
            # The server logs it; without this the caller would sit it out.
            failure = common.serialize_remote_exception(sys.exc_info())
            self._replies.put(jsonutils.dumps([None, failure]))
            raise
        self._replies.put(body)

    def heartbeat(self):
        """Nothing to tell: whoever waits is in this process."""

    def requeue(self):
        raise NotImplementedError('inprocess:// does not take messages back.')


class _Topic:
    """Who listens on a topic, and what waits until somebody does."""

    def __init__(self):
        self._lock = threading.Lock()
        self._listeners = collections.deque()
        self._held = collections.deque(maxlen=HELD_MAX)

    def add(self, listener):
        with self._lock:
            self._listeners.append(listener)
            held = list(self._held)
            self._held.clear()
            for message in held:
                self._hand_over(message)

    def remove(self, listener):
        """After this the listener is handed nothing more."""
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def send(self, message):
        """Give the message to one listener, or keep it for the next."""
        with self._lock:
            self._hand_over(message)

    def send_to_all(self, message):
        """Give the message to everyone who listens now."""
        with self._lock:
            for listener in self._listeners:
                listener.take(message)

    def _hand_over(self, message):
        if message.expired:
            return
        for listener in self._listeners:
            if message.server in (None, listener.server):
                listener.take(message)
                # The next message is for the next listener.
                self._listeners.remove(listener)
                self._listeners.append(listener)
                return
        self._held.append(message)


class _Bus:
    """The topics of this process."""

    def __init__(self):
        self.reset()

    def reset(self):
        self._lock = threading.Lock()
        self._topics = {}

    def topic(self, *key):
        found = self._topics.get(key)
        if found is None:
            with self._lock:
                found = self._topics.setdefault(key, _Topic())
        return found


_bus = _Bus()
# A forked child has none of the threads that would answer, and might have
# inherited a lock that is held for ever.
os.register_at_fork(after_in_child=_bus.reset)


class _Listener(base.Listener):
    """Hands messages to the server's executor, in the sender's thread."""

    def __init__(self, topic, server):
        super().__init__(batch_size=1, batch_timeout=None)
        self.server = server
        self._topic = topic

    def start(self, on_incoming_callback):
        super().start(on_incoming_callback)
        self._topic.add(self)

    def take(self, message):
        self.on_incoming_callback([_Incoming(message)])

    def stop(self):
        self._topic.remove(self)
        super().stop()

    def cleanup(self):
        self._topic.remove(self)


class InProcessDriver(base.BaseDriver):
    """RPC only: call, cast and fanout; no notifications."""

    def send(
        self,
        target,
        ctx,
        message,
        wait_for_reply=None,
        timeout=None,
        call_monitor_timeout=None,
        retry=None,
        transport_options=None,
    ):
        """As in the base class; ``retry`` means nothing where nothing is lost.

        :raises MessagingTimeout: ``timeout`` seconds without a reply
        """
        replies = queue.SimpleQueue() if wait_for_reply else None
        sent = _Message(ctx, message, target.server, timeout, replies)
        topic = self._topic_of(target)
        if target.fanout:
            topic.send_to_all(sent)
        else:
            topic.send(sent)
        return self._wait(target, replies, timeout) if wait_for_reply else None

    def _wait(self, target, replies, timeout):
        try:
            body = replies.get(timeout=timeout)
        except queue.Empty:
            raise oslo_messaging.MessagingTimeout(
                f'No reply from {target} in {timeout:g} seconds'
            ) from None
        reply, failure = jsonutils.loads(body)
        if failure:
            raise common.deserialize_remote_exception(
                failure, self._allowed_remote_exmods
            )
        return reply

    def _topic_of(self, target):
        return _bus.topic(
            self._url.virtual_host or None,
            target.exchange or self._default_exchange,
            target.topic,
        )

    def listen(self, target, batch_size, batch_timeout):
        """A listener for the topic and for ``target.server`` on it."""
        return _Listener(self._topic_of(target), target.server)

    def send_notification(self, target, ctx, message, version, retry=None):
        raise NotImplementedError('inprocess:// has no notifications.')

    def listen_for_notifications(
        self, targets_and_priorities, pool, batch_size, batch_timeout
    ):
        raise NotImplementedError('inprocess:// has no notifications.')

    def cleanup(self):
        """Nothing to give back: the bus belongs to the process."""
