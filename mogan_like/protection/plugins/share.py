"""Manila's shares, as what can be protected."""

from mogan_like.clients import manila
from mogan_like.clients import manila_statuses
from mogan_like.common import exception
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins import project

TYPE = 'OS::Manila::Share'


class SharePlugin(base.ProtectablePlugin):
    """Shares of the project that asks, those in a bad status left out."""

    is_sorted = True

    def __init__(self):
        self._connections = manila.Connections()

    def get_resource_type(self):
        """Karbor's name of it."""
        return TYPE

    def get_parent_resource_types(self):
        """Shares belong to projects."""
        return (project.TYPE,)

    def list_resources(self, ctx, parameters=None):
        """The project's shares by their ids, asked for page by page."""
        for share in self._connections.connect(ctx).list_shares():
            if manila_statuses.can_be_protected(manila_statuses.get_status(share)):
                yield _make_resource(share)

    def show_resource(self, ctx, resource_id, parameters=None):
        """One share of the project."""
        try:
            share = self._connections.connect(ctx).get_share(resource_id)
        except exception.ShareServiceNotFound as error:
            raise exception.ResourceNotFound(
                resource_type=TYPE, resource_id=resource_id
            ) from error
        status = manila_statuses.get_status(share)
        if not manila_statuses.can_be_protected(status):
            raise exception.ResourceInvalidStatus(
                resource_type=TYPE, resource_id=resource_id, status=status
            )
        return _make_resource(share)

    def get_dependent_resources(self, ctx, parent):
        """The shares of a project, which is the one that asks."""
        if parent.type != project.TYPE or parent.id != ctx.project_id:
            return ()
        return self.list_resources(ctx)


def _make_resource(share):
    return base.Resource(TYPE, share['id'], share['name'])
