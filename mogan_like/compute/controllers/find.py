"""Finds the server that a request names, for who may know of it."""

from mogan_like.instances.controllers import find as instances
from mogan_like.instances.queries import instances as queries


def find(ctx, server_id, rule, columns=queries.TARGET, deleted=False):
    """The instance's row.

    What is no UUID is not found, and not refused: clients ask for names as if they
    were ids, and go on when there is none.

    :raises InstanceNotFound, PolicyNotAuthorized: as instances' own
    """
    return instances.find(ctx, server_id.lower(), rule, columns, deleted)


def find_by_rules(ctx, server_id, rules):
    """The instance's row, and the first of some rules that allows the caller.

    :raises InstanceNotFound, PolicyNotAuthorized: as instances' own
    """
    return instances.find_by_rules(ctx, server_id.lower(), rules)
