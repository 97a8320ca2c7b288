"""409, 424: not now."""

from mogan_like.common.exception.base import MoganLikeError


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


class TriggerInUse(MoganLikeError):
    """As Karbor answers it."""

    code = 424
    msg_fmt = 'Trigger %(uuid)s is in use: scheduled operations run by it.'
