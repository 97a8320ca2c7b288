"""What is counted, as each folder names it."""

_per_user = {}


def register(resource, per_user=False):
    """Count a resource; called where its option of ``[quota]`` is made.

    :param resource: its name, and its option's
    :param per_user: count what each user has, not each project
    :raises ValueError: when it was registered otherwise before
    """
    if _per_user.setdefault(resource, per_user) != per_user:
        raise ValueError(f'{resource} is counted for projects and for users')


def list_resources():
    """The names of all resources, in the order of their registration."""
    return tuple(_per_user)


def list_of_projects():
    """The names of those that are counted for projects."""
    return tuple(name for name, per_user in _per_user.items() if not per_user)


def get_scope(resource, project_id, user_id):
    """Whose use of a resource is counted: the project's id or the user's."""
    return user_id if _per_user[resource] else project_id
