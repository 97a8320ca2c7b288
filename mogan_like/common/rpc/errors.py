"""Errors on their way from a conductor to the API."""

import oslo_messaging
from oslo_serialization import jsonutils

from mogan_like.common import exception


def make_expected(error):
    """The error as oslo.messaging sends it without logging it.

    It goes as the nearest class of common.exception, which the API can
    rebuild, with its message and plain values for its arguments, and without
    the traceback, which is nobody's business at the other end.
    """
    twin = _nearest(error)(
        str(error), **jsonutils.to_primitive(error.kwargs, fallback=str)
    )
    expected = oslo_messaging.ExpectedException()
    expected.exc_info = (type(twin), twin, None)
    return expected


def undo_remote(error):
    """The error as the conductor raised it.

    oslo.messaging makes it a subclass whose text ends in the traceback.
    """
    if type(error).__name__.endswith('_Remote'):
        error.__class__ = type(error).__mro__[1]
    return error


def _nearest(error):
    base = exception.MoganLikeError
    return next(
        known
        for known in type(error).__mro__
        if known.__module__ == exception.__name__ and known.__init__ is base.__init__
    )
