"""The WSGI application: Pecan, and in what order things stand before it."""

import functools
import threading

from oslo_middleware import cors
import pecan
import pecan.core
import pecan.routing

from mogan_like.api import auth
from mogan_like.api import conf
from mogan_like.api import expose
from mogan_like.api import hooks
from mogan_like.api import middleware
from mogan_like.api import root
from mogan_like.common.config import CONF

# One for all applications: by default each new one would replace it, under
# the requests of those before.
_LOCALS = threading.local()


def make_app(mounts=None, authenticate=auth.wrap):
    """The whole API tier as a WSGI application.

    :param mounts: ``{path: controller}``, the service's own when left out
    :param authenticate: wraps an application so that what reaches it carries
        a confirmed identity
    """
    conf.register_opts(CONF)
    if mounts is None:
        mounts = root.make_mounts()
    # Whoever answers, the answer carries the request id and the version, so
    # these are outermost (oslo.middleware's CORS would replace our Vary); a 401
    # needs the CORS headers; a body is measured before anybody, Keystone
    # included, has work with it.
    app = authenticate(make_pecan(mounts))
    app = middleware.limit_body(app)
    app = middleware.answer_health(app, _make_health)
    if CONF.cors.allowed_origin:
        app = cors.CORS(app, CONF)
    app = middleware.ProxyHeaders(app, CONF)
    app = middleware.catch_errors(app)
    app = middleware.name_version(app)
    return middleware.RequestId(app, CONF)


def make_pecan(mounts):
    """Pecan alone; it believes the identity headers it is given."""
    _cache_argspec()
    return pecan.make_app(
        root.Root(mounts),
        hooks=[hooks.ContextHook()],
        request_cls=expose.Request,
        context_local_factory=lambda: _LOCALS,
        # A keypair may be called ``a.json``; see also the hook.
        guess_content_type_from_ext=False,
    )


def _make_health():
    # Late, for a fast start: the entry points are looked up.
    from mogan_like.api import health

    return health.make_app()


def _cache_argspec():
    """Keep Pecan from building a class per request to describe a function."""
    if not hasattr(pecan.core.getargspec, 'cache_info'):
        cached = functools.lru_cache(maxsize=1024)(pecan.core.getargspec)
        pecan.core.getargspec = pecan.routing.getargspec = cached
