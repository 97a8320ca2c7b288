"""The server side: the managers' methods, called by other processes."""

import inspect
import json
import types

from oslo_log import log
import oslo_messaging
from oslo_messaging.rpc import server as messaging_server

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.common.rpc import errors
from mogan_like.common.rpc import transport
from mogan_like.common.rpc.deadline import Runner

LOG = log.getLogger(__name__)

_STOP_SECONDS = 5


def get_server(endpoints, server_name):
    """A server for the managers' public methods, not yet started.

    :param endpoints: {namespace: manager}; a method is called as
        ``method(ctx, **arguments)`` and returns plain values
    :param server_name: of this conductor, unique among all
    """
    if 'base' in endpoints:
        raise ValueError("The namespace 'base' is taken.")
    return Server({'base': _Base(server_name), **endpoints}, server_name)


class Server:
    """Serves the managers of one conductor; once stopped, make another."""

    def __init__(self, endpoints, name):
        # Of its own: replies that wait for a lost broker would hold the
        # connections that this process sends with.
        self._transport = transport.make()
        self._server = oslo_messaging.get_rpc_server(
            self._transport,
            oslo_messaging.Target(topic=CONF.conductor.rpc_topic, server=name),
            [_make_endpoint(*pair) for pair in endpoints.items()],
            serializer=transport.Serializer(),
            server_cls=_Taker,
        )
        self._runner = Runner(f'rpc-server-{name}', 4)
        self._started = False

    def start(self):
        """Take calls: at once, or as soon as the broker is there.

        :raises Exception: the broker refuses this service (its credentials)
        """
        self._started = True
        try:
            self._runner.run(CONF.api.rpc_timeout, self._start)
        except TimeoutError:
            LOG.warning(
                'The message broker does not answer; RPC is served as soon as it does.'
            )

    def stop(self, timeout=_STOP_SECONDS):
        """Take no more calls; True when that is sure after ``timeout`` seconds.

        A lost broker can keep oslo.messaging from stopping.
        """
        return self._finish(timeout, self._server.stop)

    def wait(self, timeout=None):
        """Stop, and wait until the calls that run are answered.

        :param timeout: seconds; None waits as long as it takes
        :returns: True when all were answered in this time
        """
        return self._finish(timeout, self._drain)

    def _start(self):
        try:
            self._server.start(override_pool_size=CONF.conductor.rpc_threads)
        except Exception as e:
            # By now start() may have returned.
            LOG.error('RPC is not served: %s', e)
            raise

    def _drain(self):
        self._server.stop()
        self._server.wait()
        self._transport.cleanup()
        self._started = False
        self._runner.close()

    def _finish(self, timeout, step):
        if not self._started:
            return True
        try:
            self._runner.run(timeout, step)
        except TimeoutError:
            return False
        return True


class _Taker(messaging_server.RPCServer):
    """Says when a message came, which may wait for a thread for long then."""

    def _on_incoming(self, incoming):
        for message in incoming:
            transport.mark_arrival(message.ctxt)
        super()._on_incoming(incoming)


class _Base:
    """What every conductor answers, whatever its managers."""

    def __init__(self, name):
        self._name = name

    def ping(self, ctx):
        return self._name


def _make_endpoint(namespace, manager):
    methods = {
        name: _serve(f'{namespace}.{name}', getattr(manager, name))
        for name, _ in inspect.getmembers(type(manager), inspect.isfunction)
        if not name.startswith('_')
    }
    if 'target' in methods:
        raise ValueError(f"oslo.messaging keeps the name 'target': {manager}")
    target = oslo_messaging.Target(namespace=namespace, version=transport.VERSION)
    return types.SimpleNamespace(target=target, **methods)


def _serve(label, method):
    signature = inspect.signature(method)

    def serve(ctx, /, **args):
        try:
            _check_arguments(label, signature, ctx, args)
            return _check_plain(method(ctx, **args))
        except exception.MoganLikeError as e:
            error = e
        except Exception:
            LOG.exception('RPC %s failed.', label, context=ctx)
            error = exception.MoganLikeError()
        raise errors.make_expected(error)

    return serve


def _check_arguments(label, signature, ctx, args):
    """Refuse what a newer API may send and this conductor does not know."""
    try:
        signature.bind(ctx, **args)
    except TypeError as exc:
        LOG.warning('RPC %s: %s', label, exc)
        raise exception.ConductorOutdated(
            method=label, version=transport.VERSION
        ) from exc


def _check_plain(result):
    # A result that the driver cannot encode would be no answer at all.
    if result is not None and not isinstance(result, str | int | float):
        json.dumps(result)
    return result
