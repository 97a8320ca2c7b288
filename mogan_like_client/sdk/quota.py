"""Limits, and what is used of them: one number for each kind of object."""

from openstack import exceptions
from openstack import resource

from mogan_like_client.sdk import base


class _Open(base.Resource):
    """What counts whatever kinds of objects the service has."""

    allow_list = False
    requires_id = False
    _allow_unknown_attrs_in_body = True

    project_id = resource.URI('project_id')

    @property
    def counted(self):
        """``{kind of object: number, or dict of numbers}``."""
        return dict(self._unknown_attrs_in_body)


class Limits(_Open):
    """The own project's: ``limit`` and ``used`` of each kind."""

    noun = 'limit'
    resource_key = 'limits'
    base_path = '/limits'


class Quota(_Open):
    """The limits of a project."""

    noun = 'quota'
    resource_key = 'quota'
    base_path = '/quotas'
    requires_id = True
    allow_delete = True


class QuotaDetail(_Open):
    """The limits of a project with what is in use of each."""

    noun = 'quota'
    resource_key = 'quota'
    base_path = '/quotas/%(project_id)s/detail'


class QuotaDefaults(_Open):
    """The limits of projects that have none of their own."""

    noun = 'quota'
    resource_key = 'quota'
    base_path = '/quotas/%(project_id)s/defaults'


def put(session, path, key, limits):
    """Set limits; those that hold now as ``{kind: number}``.

    :raises HttpException: when it was refused
    """
    answer = session.put(path, json={key: limits})
    exceptions.raise_from_response(answer)
    return answer.json()[key]
