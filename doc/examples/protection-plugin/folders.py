"""Folders on a disk, as what can be protected: those in a folder of the project."""

from pathlib import Path

from oslo_config import cfg

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.protection.plugins import base

TYPE = 'Example::Folder'
PROJECT = 'OS::Keystone::Project'

OPTS = [cfg.StrOpt('root', default='/srv/folders', help='Has a folder a project.')]


class FolderPlugin(base.ProtectablePlugin):
    def __init__(self):
        CONF.register_opts(OPTS, group='folders')

    def get_resource_type(self):
        return TYPE

    def get_parent_resource_types(self):
        return (PROJECT,)

    def list_resources(self, ctx, parameters=None):
        project = find_project(ctx)
        names = [each.name for each in project.glob('[!.]*') if each.is_dir()]
        return [base.Resource(TYPE, name, name) for name in sorted(names)]

    def show_resource(self, ctx, resource_id, parameters=None):
        # An id of the caller's is no path until it is known to be a name.
        for found in self.list_resources(ctx):
            if found.id == resource_id:
                return found
        raise exception.ResourceNotFound(resource_type=TYPE, resource_id=resource_id)

    def get_dependent_resources(self, ctx, parent):
        if parent.type == PROJECT and parent.id == ctx.project_id:
            return self.list_resources(ctx)
        return ()


def find_project(ctx):
    """The folder that has the folders of the project that asks."""
    return Path(CONF.folders.root, ctx.project_id)
