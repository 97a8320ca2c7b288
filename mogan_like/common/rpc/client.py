"""The client side: a manager's methods, called from another process."""

import functools

from oslo_log import log
import oslo_messaging

from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.common.rpc import bus
from mogan_like.common.rpc import errors
from mogan_like.common.rpc import transport

LOG = log.getLogger(__name__)


def ping(timeout=None):
    """The name of a conductor that is alive.

    :param timeout: seconds, ``[api]rpc_timeout`` when left out
    :raises ConductorUnavailable: when none answers in this time
    """
    # A health check must not become the context of its thread's log lines.
    ctx = context.for_job(overwrite=False)
    return Client('base').call_within(timeout or CONF.api.rpc_timeout, ctx, 'ping')


class Client:
    """The methods of one manager.

    Arguments and results are plain values (what JSON has); a manager's
    argument may be called neither ``ctxt`` nor ``method``.
    """

    def __init__(self, namespace):
        self.namespace = namespace

    def call(self, ctx, method, /, **args):
        """What a conductor's method returns, or its error of common.exception.

        :raises ConductorUnavailable: no answer within ``[api]rpc_timeout``
            seconds, or no broker; the method may have run all the same
        :raises ConductorOutdated: the conductor has no such method
        :raises MoganLikeError: itself (500, no details), when the method
            failed; the conductor's log has the traceback
        """
        return self.call_within(CONF.api.rpc_timeout, ctx, method, **args)

    def call_within(self, seconds, ctx, method, /, **args):
        """As :meth:`call`, with a time limit of its own."""
        return self._send(
            seconds,
            ctx,
            method,
            functools.partial(
                bus.current().call, self.namespace, seconds, ctx, method, args
            ),
        )

    def cast(self, ctx, method, /, **args):
        """Have one conductor do it; it is not known when, or whether.

        :raises ConductorUnavailable: the broker did not take it within
            ``[api]rpc_timeout`` seconds
        """
        self._cast(False, ctx, method, args)

    def fanout(self, ctx, method, /, **args):
        """Have every conductor do it that is alive now.

        For nudges, after the commit: one may be lost on the way, so what it
        tells must be found by a scan as well, and its caller logs the error
        and goes on.

        :raises ConductorUnavailable: the broker did not take it within
            ``[api]rpc_timeout`` seconds
        """
        self._cast(True, ctx, method, args)

    def _cast(self, fanout, ctx, method, args):
        seconds = CONF.api.rpc_timeout
        self._send(
            seconds,
            ctx,
            method,
            functools.partial(
                bus.current().cast, self.namespace, seconds, fanout, ctx, method, args
            ),
        )

    def _send(self, seconds, ctx, method, send):
        try:
            return send()
        except exception.MoganLikeError as e:
            error = errors.undo_remote(e)
        except oslo_messaging.RemoteError as e:
            error = self._name_fault(e, ctx, method)
        except (TypeError, ValueError):
            # Arguments that are not plain values: ours, not the broker's.
            raise
        except (oslo_messaging.MessagingTimeout, TimeoutError) as e:
            self._log_undelivered(e, ctx, method)
            error = exception.ConductorUnavailable(timeout=f'{seconds:g}')
        except Exception as e:
            # Of oslo.messaging, kombu, amqp or the socket.
            self._log_undelivered(e, ctx, method)
            error = exception.ConductorUnavailable(
                'No conductor can be reached; try again later.'
            )
            error.may_be_done = not transport.was_never_sent(e)
        raise error

    def _log_undelivered(self, error, ctx, method):
        LOG.warning(
            'RPC %s.%s: %s: %s',
            self.namespace,
            method,
            type(error).__name__,
            error,
            context=ctx,
        )

    def _name_fault(self, error, ctx, method):
        name = f'{self.namespace}.{method}'
        LOG.error(
            'RPC %s, version %s, is refused: %s: %s',
            name,
            transport.VERSION,
            error.exc_type,
            error.value,
            context=ctx,
        )
        if error.exc_type in ('NoSuchMethod', 'UnsupportedVersion'):
            return exception.ConductorOutdated(method=name, version=transport.VERSION)
        return exception.MoganLikeError()
