"""The hosts of conductors: what they report, and what admins say of them."""

import datetime
import socket

from oslo_log import log

from mogan_like.actions import recorder
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import base
from mogan_like.db import engine
from mogan_like.protection.operations import absent
from mogan_like.protection.queries import services as queries
from mogan_like.protection.store import services as store

LOG = log.getLogger(__name__)

#: What Karbor's API calls the binary.
PROGRAM = 'mogan-like-conductor'


class ServicesManager:
    """RPC namespace ``services``, version 1.0."""

    @engine.retried
    def set_status(self, ctx, service_id, status, disabled_reason=None):
        """Have a host take no checkpoints' work, or take it again.

        What it is at goes on.

        :param status: ``enabled`` or ``disabled``
        :returns: the row as plain values
        :raises ServiceNotFound: when there is none of this number
        """
        disabled = status == 'disabled'
        action = 'disable' if disabled else 'enable'
        with recorder.record(
            ctx, str(service_id), action, object_type='service'
        ) as entry:
            if not store.set_disabled(
                entry.conn, service_id, disabled, disabled_reason
            ):
                raise exception.ServiceNotFound(id=service_id)
        with engine.reader() as conn:
            return base.to_plain(queries.get(conn, service_id))


class Heartbeat:
    """Reports this host, and does what an admin said of it.

    :param pause: called with True when the host is to take no work, else False
    :param providers: work that waits for them is woken at the first report; of a bank
        of files on this host, which is of no use to others, is told once, when there
        are others
    """

    def __init__(self, pause, providers=()):
        self._pause = pause
        self._awaited = [each.id for each in providers]
        self._alone = [
            each for each in providers if not getattr(each.bank, 'is_shared', True)
        ]

    def beat(self):
        """Report once; returns the seconds until the next time."""
        host = socket.gethostname()
        self._pause(_report(host))
        if self._awaited:
            absent.wake(self._awaited)
            self._awaited = []
        if self._alone:
            self._warn_of_banks(host)
        return CONF.protection.report_interval

    def _warn_of_banks(self, host):
        others = ', '.join(_list_others(host))
        if not others:
            # They may come later.
            return
        for provider in self._alone:
            LOG.warning(
                'The bank of provider %s (%s) is on this host alone, and there are '
                'conductors on others: %s. Put it where all of them have it and say '
                'so (shared = true).',
                provider.name,
                provider.id,
                others,
            )
        self._alone = []


@engine.retried
def _list_others(host):
    """Other hosts whose conductors are up."""
    since = clock.utcnow() - datetime.timedelta(
        seconds=CONF.protection.service_down_time
    )
    with engine.reader() as conn:
        rows = queries.list_all(conn, program=PROGRAM)
    return [row.host for row in rows if row.host != host and row.updated_at > since]


@engine.retried
def _report(host):
    """True when the host is disabled."""
    with engine.writer() as conn:
        store.report(conn, host, PROGRAM)
        return queries.is_disabled(conn, host, PROGRAM)
