"""Everything that the emulated Manila knows."""

import threading

from tests.emulators.manila import errors
from tests.emulators.manila import files
from tests.emulators.manila import models
from tests.emulators.manila import quotas
from tests.emulators.manila import switches

_FLAGS = {'snapshot_support': 'True', 'create_share_from_snapshot_support': 'True'}
#: name: extra specs of the types that are there at first
TYPES = {
    models.DEFAULT_TYPE: _FLAGS,
    'revertible': {**_FLAGS, 'revert_to_snapshot_support': 'True'},
}


class State:
    """Resources by id, in the order in which they were made.

    Who reads or changes it holds :attr:`lock`.

    :param root: the directory that has the bytes
    """

    def __init__(self, root):
        self.lock = threading.RLock()
        self.files = files.Files(root)
        self.switches = switches.Switches()
        self.quotas = quotas.Quotas(self)
        self.shares = {}
        self.snapshots = {}
        self.rules = {}
        self.types = {}
        self.networks = {}
        for name, specs in TYPES.items():
            specs = {'driver_handles_share_servers': 'False', **specs}
            self.add(self.types, models.ShareType(name, specs))

    @staticmethod
    def add(kind, resource):
        """Keep a new resource; it is returned."""
        kind[resource.id] = resource
        return resource

    def advance(self, at_once=False):
        """Let all statuses pass that are over."""
        for kind in (self.rules, self.snapshots, self.shares):
            for resource in list(kind.values()):
                resource.course.advance(at_once)

    def show_share(self, share):
        """A share was shown once, and with it the status of its rules."""
        for resource in (share, *self.list_rules_of(share)):
            resource.course.show()

    def show_snapshot(self, snapshot):
        """A snapshot was shown once; one that is restored waits for its share."""
        snapshot.course.show()
        if snapshot.status == 'restoring' and snapshot.share_id in self.shares:
            self.shares[snapshot.share_id].course.show()

    def find_share(self, identity, share_id):
        """A share that may be looked at.

        :raises Refused: 404
        """
        return self._find(self.shares, identity, share_id)

    def find_snapshot(self, identity, snapshot_id):
        """A snapshot that may be looked at.

        :raises Refused: 404
        """
        if snapshot_id not in self.snapshots:
            text = f'ShareSnapshotNotFound: Snapshot {snapshot_id} could not be found.'
            raise errors.not_found(text)
        return self._find(self.snapshots, identity, snapshot_id)

    def find_type(self, name_or_id):
        """A type, None when there is none."""
        for each in self.types.values():
            if name_or_id in (each.id, each.name):
                return each
        return None

    def find_network(self, identity, network_id):
        """A share network that may be looked at.

        :raises Refused: 404
        """
        found = self.networks.get(network_id)
        if found is None or not identity.owns(found):
            raise errors.not_found(f'Share network {network_id} could not be found.')
        return found

    def list_snapshots_of(self, share):
        """Its snapshots, oldest first."""
        return [each for each in self.snapshots.values() if each.share_id == share.id]

    def list_rules_of(self, share):
        """Its access rules, oldest first."""
        return [each for each in self.rules.values() if each.share_id == share.id]

    def remove_share(self, share):
        """Forget a share, its rules and its bytes."""
        self.shares.pop(share.id, None)
        for rule in self.list_rules_of(share):
            del self.rules[rule.id]
        self.files.remove(share.path)

    def remove_snapshot(self, snapshot):
        """Forget a snapshot and its bytes."""
        self.snapshots.pop(snapshot.id, None)
        self.files.remove(snapshot.path)

    def set_status(self, noun, resource_id, status):
        """Set a status from outside: it stays.

        :raises LookupError: when there is no such thing
        """
        resource = self._find_kind(noun)[resource_id]
        resource.course.stop()
        resource.status = status

    def forget(self, noun, resource_id):
        """Let something be gone, whoever uses it.

        :raises LookupError: when there is no such thing
        """
        resource = self._find_kind(noun).pop(resource_id)
        if noun in ('share', 'snapshot'):
            self.files.remove(resource.path)

    def _find_kind(self, noun):
        return {
            'share': self.shares,
            'snapshot': self.snapshots,
            'rule': self.rules,
            'type': self.types,
            'network': self.networks,
        }[noun]

    def _find(self, kind, identity, resource_id):
        found = kind.get(resource_id)
        if (
            found is None
            or not identity.owns(found)
            and not getattr(found, 'is_public', False)
        ):
            raise errors.resource_not_found()
        if found.status in models.DEFERRED and not identity.is_admin:
            raise errors.resource_not_found()
        return found
