"""What only plugins know: types, resources and providers."""

import itertools

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.db import engine
from mogan_like.protection.manager import patience
from mogan_like.protection.manager import places
from mogan_like.protection.queries import checkpoints as queries

_SORT_KEYS = {
    'id': lambda resource: resource.id,
    'name': lambda resource: (resource.name or '', resource.id),
}


class ProtectablesManager:
    """RPC namespace ``protectables``, version 1.0.

    :param protectables: a :class:`..protectables.Protectables`
    """

    def __init__(self, protectables):
        self._protectables = protectables

    def list_types(self, ctx):
        """The types' names, sorted."""
        return self._protectables.list_types()

    def show_type(self, ctx, resource_type):
        """A type: name, dependent_types.

        :raises ProtectableTypeNotFound: when there is none
        """
        self._protectables.get(resource_type)
        return {
            'name': resource_type,
            'dependent_types': self._protectables.list_dependent_types(resource_type),
        }

    def list_instances(
        self,
        ctx,
        resource_type,
        limit,
        marker=None,
        sort_key='id',
        sort_dir='asc',
        parameters=None,
    ):
        """A page of the project's resources of a type.

        :param sort_key: ``id`` or ``name``
        :param parameters: the plugin's, or None
        :returns: a list of up to ``limit + 1``: one more where there is a next
            page
        :raises ProtectableTypeNotFound: when there is none
        :raises MarkerNotFound: when the page before ended with none of these
        :raises OthersTooSlow: when too many wait for who is asked already
        """
        plugin = self._protectables.get(resource_type)
        ctx = patience.limit(ctx)
        with places.take(resource_type):
            found = plugin.list_resources(ctx, parameters)
            if not plugin.is_sorted or (sort_key, sort_dir) != ('id', 'asc'):
                found = sorted(
                    found, key=_SORT_KEYS[sort_key], reverse=sort_dir == 'desc'
                )
            page = itertools.islice(_skip(found, marker), limit + 1)
            return [self._show(ctx, resource) for resource in page]

    def show_instance(self, ctx, resource_type, resource_id, parameters=None):
        """One resource of the project, and what there are of copies of it.

        :raises ProtectableTypeNotFound: when there is no such type
        :raises ResourceNotFound: when the project has none of this id
        :raises ResourceInvalidStatus: when it cannot be protected as it is
        :raises OthersTooSlow: when too many wait for who is asked already
        """
        plugin = self._protectables.get(resource_type)
        ctx = patience.limit(ctx)
        with places.take(resource_type):
            resource = plugin.show_resource(ctx, resource_id, parameters)
            shown = self._show(ctx, resource)
        copies = _list_copies(resource, ctx.project_id)
        if copies:
            shown['extra_info'] = {
                **(shown['extra_info'] or {}),
                'checkpoints': len(copies),
                'newest_checkpoint': copies[0],
            }
        return shown

    def _show(self, ctx, resource):
        """With as many dependents as a checkpoint may have resources.

        All of thousands would take longer than anybody waits.
        """
        most = CONF.protection.max_resources
        dependents = self._protectables.iter_dependents(ctx, resource)
        shown = {
            **_to_plain(resource),
            'dependent_resources': [
                _to_plain(each) for each in itertools.islice(dependents, most)
            ],
        }
        if next(dependents, None) is not None:
            shown['extra_info'] = {
                **(shown['extra_info'] or {}),
                'dependent_resources_cut_at': most,
            }
        return shown


class ProvidersManager:
    """RPC namespace ``providers``, version 1.0.

    :param providers: {id: Provider}
    """

    def __init__(self, providers):
        self._providers = providers

    def list(self, ctx):
        """All that are enabled, by their names."""
        enabled = [each for each in self._providers.values() if each.enabled]
        return [
            _show_provider(each)
            for each in sorted(enabled, key=lambda each: (each.name, each.id))
        ]

    def show(self, ctx, provider_id):
        """One of them.

        :raises ProviderNotFound: when there is none, or it is not enabled
        """
        provider = self._providers.get(provider_id)
        if provider is None or not provider.enabled:
            raise exception.ProviderNotFound(provider_id=provider_id)
        return _show_provider(provider)


def _to_plain(resource):
    return {
        'id': resource.id,
        'type': resource.type,
        'name': resource.name,
        'extra_info': resource.extra_info,
    }


def _show_provider(provider):
    return {
        'id': provider.id,
        'name': provider.name,
        'description': provider.description,
        'extended_info_schema': provider.get_extended_info_schema(),
    }


def _skip(resources, marker):
    """Those that come after the marker."""
    resources = iter(resources)
    if marker is not None and all(each.id != marker for each in resources):
        raise exception.MarkerNotFound(marker=marker)
    return resources


@engine.retried
def _list_copies(resource, project_id):
    with engine.reader() as conn:
        return queries.list_copies(conn, resource.type, resource.id, project_id)
