"""Notifications: told to whoever listens, and never waited for."""

import queue
import socket
import threading

from oslo_log import log
import oslo_messaging

from mogan_like.common import workers
from mogan_like.common.config import CONF

LOG = log.getLogger(__name__)

#: How many wait while the broker is away; what comes then is dropped.
_HELD = 1000


class Notifier:
    """Sends notifications from a thread of its own.

    They go where ``[oslo_messaging_notifications]`` says: by default nowhere.

    :ivar is_enabled: False when it is known that nobody is to be told
    """

    def __init__(self):
        self._messages = queue.Queue(_HELD)
        self._lock = threading.Lock()
        self._started = False
        self.is_enabled = True
        self._dropped = 0

    def notify(self, event_type, payload):
        """Send one as soon as may be; it may be lost.

        :param payload: plain values
        """
        if not self.is_enabled:
            return
        self._start()
        try:
            self._messages.put_nowait((event_type, payload))
        except queue.Full:
            self._dropped += 1
            if self._dropped == 1:
                LOG.warning('Notifications are dropped: nobody takes them.')

    def close(self):
        """Send no more than what waits now."""
        self.is_enabled = False
        try:
            self._messages.put_nowait(None)
        except queue.Full:
            LOG.warning('%d notifications were not sent.', self._messages.qsize())

    def _start(self):
        with self._lock:
            if not self._started:
                self._started = True
                workers.start_thread('notifier', self._run)

    def _run(self):
        try:
            notifier = self._make()
        except Exception:
            # Whatever is configured wrongly: the service works without them.
            LOG.exception('Notifications are not sent.')
            notifier = None
        if notifier is None:
            self.is_enabled = False
            return
        while (message := self._messages.get()) is not None:
            try:
                notifier.info({}, *message)
            except Exception:
                LOG.exception('Notification %s is lost.', message[0])
        notifier.transport.cleanup()

    def _make(self):
        """The notifier of oslo.messaging, or None where nobody is to be told."""
        transport = oslo_messaging.get_notification_transport(CONF)
        names = CONF.oslo_messaging_notifications.driver
        if not set(names) - {'noop'}:
            return None
        return oslo_messaging.Notifier(transport, f'mogan-like.{socket.gethostname()}')
