"""401, 403: not this caller, or not in this state."""

from mogan_like.common.exception.base import MoganLikeError


class Unauthorized(MoganLikeError):
    code = 401
    msg_fmt = 'The request you have made requires authentication.'


class Forbidden(MoganLikeError):
    code = 403
    msg_fmt = 'Access is denied.'


class PolicyNotAuthorized(Forbidden):
    msg_fmt = "Policy doesn't allow %(action)s to be performed."


class OperationNotPermitted(Forbidden):
    """The lock says no (Mogan's lock spec)."""

    msg_fmt = '%(action)s of instance %(uuid)s is not permitted: %(reason)s'


class DelegationRefused(Forbidden):
    msg_fmt = 'Keystone does not let this service act for the user later: %(reason)s'


class QuotaExceeded(Forbidden):
    msg_fmt = (
        'Quota exceeded for %(resource)s: the limit is %(limit)s and '
        '%(used)s are in use.'
    )


class ShareQuotaExceeded(Forbidden):
    msg_fmt = "Manila's quota does not allow to %(verb)s: %(reason)s"
