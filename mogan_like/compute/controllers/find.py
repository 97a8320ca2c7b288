"""Finds the server that a request names, for who may know of it."""

from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.instances.controllers import find as instances
from mogan_like.instances.queries import instances as queries


def find(ctx, server_id, rule, columns=queries.TARGET, deleted=False):
    """The instance's row.

    Clients ask for names as if they were ids, and go on when there is none.

    :raises InstanceNotFound, PolicyNotAuthorized: as instances' own
    """
    if not types.is_uuid(server_id):
        raise exception.InstanceNotFound(uuid=server_id)
    return instances.find(ctx, server_id.lower(), rule, columns, deleted)
