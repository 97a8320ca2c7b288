"""The project: the root of the resources that it has."""

from mogan_like.common import exception
from mogan_like.protection.plugins import base

TYPE = 'OS::Keystone::Project'


class ProjectPlugin(base.ProtectablePlugin):
    """Its only instance is the project that asks."""

    def get_resource_type(self):
        """Karbor's name of it."""
        return TYPE

    def get_parent_resource_types(self):
        """Nothing is above it."""
        return ()

    def list_resources(self, ctx, parameters=None):
        """The project that asks."""
        return [base.Resource(TYPE, ctx.project_id, ctx.project_name)]

    def show_resource(self, ctx, resource_id, parameters=None):
        """The project that asks; all others are not found."""
        if resource_id != ctx.project_id:
            raise exception.ResourceNotFound(
                resource_type=TYPE, resource_id=resource_id
            )
        return base.Resource(TYPE, ctx.project_id, ctx.project_name)

    def get_dependent_resources(self, ctx, parent):
        """A project belongs to nothing."""
        return ()
