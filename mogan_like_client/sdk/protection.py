"""The proxy's part about protection."""

from openstack import exceptions

from mogan_like_client import waiting
from mogan_like_client.sdk import checkpoint
from mogan_like_client.sdk import identifiers
from mogan_like_client.sdk import plan
from mogan_like_client.sdk import verbs

_FAILED = {'error', 'error-deleting', 'deleting', 'deleted'}


class ProtectionMixin:
    """Providers, plans, checkpoints, restores, schedules."""

    providers = verbs.lister(plan.Provider)
    get_provider = verbs.getter(plan.Provider)
    find_provider = verbs.finder(plan.Provider)

    plans = verbs.lister(plan.Plan)
    get_plan = verbs.getter(plan.Plan)
    find_plan = verbs.finder(plan.Plan)
    create_plan = verbs.creator(plan.Plan)
    update_plan = verbs.updater(plan.Plan)
    delete_plan = verbs.deleter(plan.Plan)

    #: Each needs a ``provider_id``.
    checkpoints = verbs.lister(checkpoint.Checkpoint)
    get_checkpoint = verbs.getter(checkpoint.Checkpoint)
    create_checkpoint = verbs.creator(checkpoint.Checkpoint)

    restores = verbs.lister(checkpoint.Restore)
    get_restore = verbs.getter(checkpoint.Restore)
    create_restore = verbs.creator(checkpoint.Restore)
    verifications = verbs.lister(checkpoint.Verification)
    get_verification = verbs.getter(checkpoint.Verification)
    create_verification = verbs.creator(checkpoint.Verification)
    operation_logs = verbs.lister(checkpoint.OperationLog)
    get_operation_log = verbs.getter(checkpoint.OperationLog)

    triggers = verbs.lister(plan.Trigger)
    get_trigger = verbs.getter(plan.Trigger)
    find_trigger = verbs.finder(plan.Trigger)
    create_trigger = verbs.creator(plan.Trigger)
    update_trigger = verbs.updater(plan.Trigger)
    delete_trigger = verbs.deleter(plan.Trigger)

    scheduled_operations = verbs.lister(plan.ScheduledOperation)
    get_scheduled_operation = verbs.getter(plan.ScheduledOperation)
    find_scheduled_operation = verbs.finder(plan.ScheduledOperation)
    create_scheduled_operation = verbs.creator(plan.ScheduledOperation)
    update_scheduled_operation = verbs.updater(plan.ScheduledOperation)
    delete_scheduled_operation = verbs.deleter(plan.ScheduledOperation)

    protection_services = verbs.lister(plan.ProtectionService)
    find_protection_service = verbs.finder(plan.ProtectionService)
    update_protection_service = verbs.updater(plan.ProtectionService)

    #: It needs a ``protectable_type``.
    find_protectable = verbs.finder(plan.Protectable)

    def protectable_types(self):
        """The types of what can be protected, a list of text."""
        return self._read('/protectables')

    def get_protectable_type(self, name):
        """A type as a dict: ``name`` and ``dependent_types``."""
        return self._read(f'/protectables/{identifiers.quote(name)}')

    def protectables(self, protectable_type, **query):
        """Yield the project's resources of a type."""
        return plan.Protectable.list(self, protectable_type=protectable_type, **query)

    def get_protectable(self, protectable_type, value):
        """One resource of the project, and what depends on it."""
        return self._get(plan.Protectable, value, protectable_type=protectable_type)

    def delete_checkpoint(self, value, ignore_missing=True, **params):
        """Begin to delete a checkpoint, whatever it is doing.

        :param params: ``provider_id``, unless ``value`` knows it
        """
        self._delete(
            checkpoint.Checkpoint, value, ignore_missing=ignore_missing, **params
        )

    def copy_checkpoints(self, plan_id, provider_id):
        """Begin to copy a plan's checkpoints to another provider."""
        path = f'/providers/{identifiers.quote(provider_id)}/checkpoints/action'
        answer = self.post(path, json={'copy': {'plan_id': plan_id}})
        exceptions.raise_from_response(answer)

    def reset_checkpoint(self, value, status, **params):
        """Say how a checkpoint is: ``available`` or ``error``; for administrators."""
        found = self._get_resource(checkpoint.Checkpoint, value, **params)
        found.reset(self, status)

    def wait_for_checkpoint(
        self, value, status='available', timeout=waiting.TIMEOUT, tell=None, **params
    ):
        """Wait until a checkpoint is in a status; None waits until it is gone.

        :param params: ``provider_id``, unless ``value`` knows it
        :returns: the checkpoint; None when it is gone
        :raises ResourceFailure: when it will not get there, with its fault
        :raises ResourceTimeout: when it took longer
        """
        params.setdefault('provider_id', getattr(value, 'provider_id', None))
        failures = {'error-deleting'} if status is None else _FAILED - {status}
        judged = {'failures': failures, 'gone': status == 'deleted'}
        kind = checkpoint.Checkpoint
        return self._wait(kind, value, status, judged, timeout, tell, **params)

    def wait_for_restore(self, value, timeout=waiting.TIMEOUT, tell=None):
        """Wait for the success of a restore; as :meth:`wait_for_checkpoint`."""
        kind, judged = checkpoint.Restore, {'failures': {'fail'}}
        return self._wait(kind, value, 'success', judged, timeout, tell)

    def wait_for_verification(self, value, timeout=waiting.TIMEOUT, tell=None):
        """Wait for the success of a verification; as :meth:`wait_for_checkpoint`."""
        kind, judged = checkpoint.Verification, {'failures': {'fail'}}
        return self._wait(kind, value, 'success', judged, timeout, tell)

    def _read(self, path):
        answer = self.get(path)
        exceptions.raise_from_response(answer)
        return answer.json()['protectable_type']
