"""404: not there, or not yours."""

from mogan_like.common.exception.base import MoganLikeError


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
