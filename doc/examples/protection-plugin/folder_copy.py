"""Folders protected by copies of them."""

from pathlib import Path
import shutil

import folders
from oslo_config import cfg

from mogan_like.common import exception
from mogan_like.protection.plugins import base

_NAME = {'type': 'string', 'pattern': '^[A-Za-z0-9_-]{1,64}$'}
_RESTORE = {'type': 'object', 'properties': {'restore_name': _NAME}}


class FolderCopyPlugin(base.ProtectionPlugin):
    # A provider's file sets it in its section [folder-copy].
    options = [cfg.StrOpt('copies', default='/srv/copies', help='Where they are.')]

    def get_supported_resource_types(self):
        return (folders.TYPE,)

    def get_options_schema(self, resource_type):
        return {'type': 'object', 'properties': {}}

    def get_restore_schema(self, resource_type):
        return _RESTORE

    def get_protect_operation(self, resource):
        return Protect(Path(self.get_option('copies')))

    def get_restore_operation(self, resource):
        return Restore()

    def get_delete_operation(self, resource):
        return Delete()

    def get_verify_operation(self, resource):
        return Verify()


class Protect(base.Operation):
    def __init__(self, copies):
        self._copies = copies

    def on_main(self, step):
        copy = self._copies / step.checkpoint_id / step.resource.id
        # First, so that a delete finds it whatever happens next.
        step.record.save(copy=str(copy))
        copy_folder(folders.find_project(step.ctx) / step.resource.id, copy)


class Restore(base.Operation):
    def on_main(self, step):
        name = step.parameters.get('restore_name', f'{step.resource.id}-restored')
        target = folders.find_project(step.ctx) / name
        if target.exists() and 'target' not in step.record.data:
            raise exception.AlreadyExists(noun='Folder', name=name)
        step.record.save(target=str(target))
        copy_folder(Path(step.protected['copy']), target)


class Delete(base.Operation):
    def on_main(self, step):
        if 'copy' in step.protected:
            shutil.rmtree(step.protected['copy'], ignore_errors=True)


class Verify(base.Operation):
    def on_main(self, step):
        if not Path(step.protected.get('copy', '/nowhere')).is_dir():
            raise exception.ProtectionFailed(reason='The copy is not there.')


def copy_folder(source, target):
    """Copy a folder; called again after it was broken off, it ends the same."""
    if target.exists():
        return
    unfinished = target.with_name(f'.{target.name}')
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished)
    unfinished.rename(target)
