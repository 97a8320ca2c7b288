"""503: try again; and what the service cannot start with."""

from mogan_like.common.exception.base import MoganLikeError


class ServiceUnavailable(MoganLikeError):
    """:ivar retry_after: seconds, for the ``Retry-After`` header"""

    code = 503
    msg_fmt = 'The service is not available: %(reason)s'
    retry_after = 5


class ConductorUnavailable(ServiceUnavailable):
    """:ivar may_be_done: False when the message surely did not leave this process"""

    may_be_done = True
    msg_fmt = 'No conductor answered in %(timeout)s seconds.'


class RequestTooLate(ServiceUnavailable):
    msg_fmt = (
        'Nothing was done: to take it up, and to ask others what has to be known '
        'before, took longer than %(seconds)s seconds.'
    )


class OthersTooSlow(ServiceUnavailable):
    msg_fmt = 'Nothing was done: %(count)s requests wait already; %(what)s is slow.'


class ShareServiceUnavailable(ServiceUnavailable):
    """:ivar pause: seconds after which Manila wants to be asked again; 0 for any
    :ivar may_be_done: False when it is sure that Manila has done nothing"""

    pause = 0
    may_be_done = True
    msg_fmt = 'Manila could not %(verb)s: %(reason)s'


class IdentityServiceUnavailable(ServiceUnavailable):
    msg_fmt = 'Keystone could not %(verb)s: %(reason)s'


class BankFailed(ServiceUnavailable):
    msg_fmt = 'The bank of the checkpoints does not work: %(reason)s'


class DatabaseUnavailable(ServiceUnavailable):
    msg_fmt = 'The database does not answer.'


class ConductorBusy(ServiceUnavailable):
    msg_fmt = 'The conductor has no free worker; try again later.'


class ConductorOutdated(ServiceUnavailable):
    """It answered, and is older than the API: an upgrade is going on."""

    msg_fmt = 'The conductor does not know %(method)s in version %(version)s.'


class ConfigInvalid(MoganLikeError):
    """The service cannot start like this; the message says what to change."""

    msg_fmt = 'The configuration is invalid: %(reason)s'


class ShareServiceNotSetUp(ConfigInvalid):
    """Who asks for shares is told; all the rest works without."""

    code = 503
    msg_fmt = 'This service has not been told of a Manila: %(reason)s'
