"""The plugin: which operation does what."""

from mogan_like.clients import manila
from mogan_like.common import exception
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins import share
from mogan_like.protection.plugins.manila_share_snapshot import conf
from mogan_like.protection.plugins.manila_share_snapshot import delete
from mogan_like.protection.plugins.manila_share_snapshot import protect
from mogan_like.protection.plugins.manila_share_snapshot import restore
from mogan_like.protection.plugins.manila_share_snapshot import revert
from mogan_like.protection.plugins.manila_share_snapshot import schemas
from mogan_like.protection.plugins.manila_share_snapshot import verify


class ManilaShareSnapshotPlugin(base.ProtectionPlugin):
    """Snapshots, and shares made from them."""

    options = conf.OPTS

    def __init__(self, own=None):
        super().__init__(own)
        self._options = conf.Options(self.own)
        self._connections = manila.Connections()

    def get_supported_resource_types(self):
        """Shares alone."""
        return (share.TYPE,)

    def get_options_schema(self, resource_type):
        """The snapshot's name and description, and whether it is forced."""
        return schemas.OPTIONS_SCHEMA

    def get_restore_schema(self, resource_type):
        """Where to, under which name, and whether with access rules."""
        return schemas.RESTORE_SCHEMA

    def get_saved_info_schema(self, resource_type):
        """What is recorded of a share."""
        return schemas.SAVED_INFO_SCHEMA

    def check_restore(self, step):
        """Refuse to revert what Manila would not."""
        if step.parameters.get('share_id') is not None:
            if 'snapshot_id' not in step.protected:
                raise exception.ProtectionFailed(reason='No snapshot was made.')
            revert.check(self._connections.connect(step.ctx), step)

    def get_protect_operation(self, resource):
        """A snapshot."""
        return protect.Protect(self._connections, self._options)

    def get_restore_operation(self, resource):
        """A share from the snapshot, or the share as it was."""
        return restore.Restore(self._connections, self._options)

    def get_delete_operation(self, resource):
        """No snapshot any more."""
        return delete.Delete(self._connections, self._options)

    def get_verify_operation(self, resource):
        """The snapshot is there."""
        return verify.Verify(self._connections, self._options)

    def get_copy_operation(self, resource):
        """Snapshots stay in their Manila."""
        raise exception.CopyNotSupported(plugin='manila-share-snapshot')
