"""400, 405, 406, 413, 415: the request can never be right."""

from mogan_like.common.exception.base import MoganLikeError


class Invalid(MoganLikeError):
    code = 400
    msg_fmt = 'The request is invalid: %(reason)s'


class InvalidParameter(Invalid):
    msg_fmt = 'Invalid value for %(name)s: %(reason)s'


class InvalidBody(Invalid):
    msg_fmt = 'Invalid request body: %(reason)s'


class InvalidUUID(Invalid):
    msg_fmt = 'Expected a UUID but received %(uuid)s.'


class MalformedUrl(Invalid):
    """The project in the path is another one than the caller's (Karbor)."""

    msg_fmt = 'Malformed request url'


class InvalidVersion(Invalid):
    msg_fmt = (
        'API version string %(version)s is of invalid format. '
        'Must be of format MajorNum.MinorNum, from %(min)s to %(max)s.'
    )


class MarkerNotFound(Invalid):
    msg_fmt = 'Marker %(marker)s could not be found.'


class FieldNotSupported(Invalid):
    msg_fmt = 'The driver %(driver)s cannot honour %(field)s.'


class CopyNotSupported(Invalid):
    msg_fmt = 'The protection plugin %(plugin)s cannot copy checkpoints.'


class MethodNotAllowed(MoganLikeError):
    """:ivar allow: the methods the route has, for the ``Allow`` header"""

    code = 405
    msg_fmt = 'The method %(method)s is not allowed for this resource.'

    def __init__(self, method, allow):
        self.allow = tuple(allow)
        super().__init__(method=method)


class NotAcceptable(MoganLikeError):
    code = 406
    msg_fmt = 'The requested representation is not available.'


class VersionNotSupported(NotAcceptable):
    msg_fmt = (
        'Version %(version)s is not supported by the API. '
        'Minimum is %(min)s and maximum is %(max)s.'
    )


class BodyTooLarge(MoganLikeError):
    code = 413
    msg_fmt = 'The request body is larger than %(limit)s bytes.'


class UnsupportedMediaType(MoganLikeError):
    code = 415
    msg_fmt = 'Content-Type %(content_type)s is not supported; send application/json.'
