"""One class per fact; api.errors is the one place that turns it into HTTP."""


class MoganLikeError(Exception):
    """Base of every error whose message may be shown to the caller.

    :cvar code: the HTTP status it becomes
    :cvar msg_fmt: the message, filled from the keyword arguments
    """

    code = 500
    msg_fmt = 'An unknown error occurred.'

    def __init__(self, message=None, **kwargs):
        self.kwargs = kwargs
        super().__init__(message or self.msg_fmt % kwargs)

    @property
    def title(self):
        """The error's name on the wire (``error_name``)."""
        return type(self).__name__


# -- 400: the request can never be right -----------------------------------


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


# -- 401, 403: not this caller, or not in this state -----------------------


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


# -- 404: not there, or not yours ------------------------------------------


class NotFound(MoganLikeError):
    code = 404
    msg_fmt = 'The resource could not be found.'


class InstanceNotFound(NotFound):
    msg_fmt = 'Instance %(uuid)s could not be found.'


class FlavorNotFound(NotFound):
    msg_fmt = 'Flavor %(uuid)s could not be found.'


class NodeNotFound(NotFound):
    msg_fmt = 'Node %(uuid)s could not be found.'


class KeypairNotFound(NotFound):
    msg_fmt = 'Keypair %(name)s could not be found for user %(user_id)s.'


class ActionNotFound(NotFound):
    msg_fmt = 'Action %(request_id)s could not be found.'


class LeaseNotFound(NotFound):
    msg_fmt = 'Lease %(uuid)s could not be found.'


class HostNotFound(NotFound):
    msg_fmt = 'Host %(host)s could not be found.'


class HostPropertyNotFound(NotFound):
    msg_fmt = 'No host has the property %(name)s.'


class ProtectableTypeNotFound(NotFound):
    msg_fmt = 'Protectable type %(type)s could not be found.'


class ProviderNotFound(NotFound):
    msg_fmt = 'Provider %(provider_id)s could not be found.'


class PlanNotFound(NotFound):
    msg_fmt = 'Plan %(uuid)s could not be found.'


class TriggerNotFound(NotFound):
    msg_fmt = 'Trigger %(uuid)s could not be found.'


class ScheduledOperationNotFound(NotFound):
    msg_fmt = 'Scheduled operation %(uuid)s could not be found.'


class CheckpointNotFound(NotFound):
    msg_fmt = 'Checkpoint %(uuid)s could not be found.'


class RestoreNotFound(NotFound):
    msg_fmt = 'Restore %(uuid)s could not be found.'


class VerificationNotFound(NotFound):
    msg_fmt = 'Verification %(uuid)s could not be found.'


class OperationLogNotFound(NotFound):
    msg_fmt = 'Operation log %(uuid)s could not be found.'


class QuotaClassNotFound(NotFound):
    msg_fmt = 'There is no quota class %(name)s; the only one is "default".'


class ServiceNotFound(NotFound):
    msg_fmt = 'Service %(id)s could not be found.'


class ResourceNotFound(NotFound):
    msg_fmt = 'Resource %(resource_type)s %(resource_id)s could not be found.'


class ShareServiceNotFound(NotFound):
    """Manila does not have it, or not for this project."""

    msg_fmt = 'Manila does not find %(what)s.'


class BankKeyNotFound(NotFound):
    msg_fmt = 'The bank has nothing under %(key)s.'


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


# -- 409: not now ------------------------------------------------------------


class Conflict(MoganLikeError):
    code = 409
    msg_fmt = 'The request conflicts with the state of the resource.'


class InvalidState(Conflict):
    msg_fmt = 'Cannot %(action)s instance %(uuid)s while it is %(status)s.'


class InvalidLeaseState(Conflict):
    msg_fmt = 'Cannot %(action)s lease %(uuid)s while it is %(status)s.'


class InvalidCheckpointState(Conflict):
    msg_fmt = 'Cannot %(action)s checkpoint %(uuid)s while it is %(status)s.'


class ResourceLoop(Conflict):
    msg_fmt = 'Resource %(id)s of type %(type)s depends on itself.'


class TooManyResources(Conflict):
    msg_fmt = 'The plan has more than %(limit)s resources with those that depend on it.'


class ProtectionPluginNotFound(Conflict):
    msg_fmt = 'Provider %(provider_id)s has no plugin for resources of type %(type)s.'


class ResourceInvalidStatus(Conflict):
    msg_fmt = (
        'Resource %(resource_type)s %(resource_id)s cannot be protected while it is '
        '%(status)s.'
    )


class NewerCheckpoints(Conflict):
    msg_fmt = (
        'Share %(share_id)s can be reverted to its newest snapshot only; newer than '
        'checkpoint %(checkpoint_id)s are: %(newer)s.'
    )


class ShareServiceRefused(Conflict):
    msg_fmt = 'Manila refused to %(verb)s: %(reason)s'


class ProtectionFailed(Conflict):
    """What is outside did not become what it should."""

    msg_fmt = '%(reason)s'


class NotEnoughResources(Conflict):
    msg_fmt = '%(wanted)s wanted of %(title)s, %(free)s free: %(when)s.'


class NoValidNode(Conflict):
    msg_fmt = 'No valid node was found: %(reason)s'


class AlreadyExists(Conflict):
    msg_fmt = '%(noun)s %(name)s already exists.'


class InUse(Conflict):
    msg_fmt = '%(noun)s %(name)s is in use: %(reason)s'


class IdempotencyKeyReused(Conflict):
    msg_fmt = (
        'The Idempotency-Key %(key)s was used with another request '
        'in the last 24 hours.'
    )


# -- 413, 415, 424 -----------------------------------------------------------


class BodyTooLarge(MoganLikeError):
    code = 413
    msg_fmt = 'The request body is larger than %(limit)s bytes.'


class UnsupportedMediaType(MoganLikeError):
    code = 415
    msg_fmt = 'Content-Type %(content_type)s is not supported; send application/json.'


class TriggerInUse(MoganLikeError):
    """As Karbor answers it."""

    code = 424
    msg_fmt = 'Trigger %(uuid)s is in use: scheduled operations run by it.'


# -- 503: try again ----------------------------------------------------------


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


# -- not HTTP: the start is refused ------------------------------------------


class ConfigInvalid(MoganLikeError):
    """The service cannot start like this; the message says what to change."""

    msg_fmt = 'The configuration is invalid: %(reason)s'


class ShareServiceNotSetUp(ConfigInvalid):
    """Who asks for shares is told; all the rest works without."""

    code = 503
    msg_fmt = 'This service has not been told of a Manila: %(reason)s'
