"""What a plan holds: are the resources there, are the parameters right."""

from mogan_like.common import exception
from mogan_like.common import workers
from mogan_like.common.config import CONF
from mogan_like.protection import parameters as parameters_of
from mogan_like.protection.manager import places
from mogan_like.protection.plugins import base


class PlanContents:
    """Checks of plans against providers and protectables.

    :param providers: {id: Provider}
    :param protectables: a :class:`..protectables.Protectables`
    """

    def __init__(self, providers, protectables):
        self._providers = providers
        self._protectables = protectables

    def check(self, ctx, provider_id, resources, parameters):
        """The resources as they are kept, all of them there and protectable.

        :param resources: [{id, type, name, extra_info}]
        :raises InvalidParameter: naming the resource or parameter that is wrong
        :raises MoganLikeError: what asking for a resource raised
        """
        plugins = self._get_provider(provider_id).plugins
        wanted = [to_resource(each) for each in resources]
        self._check_types(plugins, wanted)
        led = self._protectables.find_led({each.type for each in wanted})
        check = parameters_of.Check(plugins, _get_options_schema)
        check.check(parameters, wanted, others=led)
        # What there is of these is known at each checkpoint only, and could then fail
        # for want of a parameter.
        check.check_types(parameters, led)
        if not wanted:
            return []
        # Each is a request to a foreign service, as a rule.
        size = min(len(wanted), CONF.protection.parallel)
        with (
            places.take(places.name_types(wanted)),
            workers.Executor('plan-resource', size) as executor,
        ):
            found = list(executor.map(lambda each: self._show(ctx, each), wanted))
        return [from_resource(*pair) for pair in zip(wanted, found, strict=True)]

    def _get_provider(self, provider_id):
        provider = self._providers.get(provider_id)
        if provider is None or not provider.enabled:
            raise exception.InvalidParameter(
                name='provider_id', reason=f'there is no provider {provider_id}.'
            )
        return provider

    def _check_types(self, plugins, wanted):
        protected = {
            name for each in plugins for name in each.get_supported_resource_types()
        }
        known = self._protectables.find_leading(protected)
        seen = set()
        for resource in wanted:
            key = (resource.type, resource.id)
            if resource.type not in self._protectables.list_types():
                raise _refuse(f'there is no type {resource.type}.')
            if resource.type not in known:
                raise _refuse(f'the provider does not protect {resource.type}.')
            if key in seen:
                raise _refuse(f'{resource.type} {resource.id} is there twice.')
            seen.add(key)

    def _show(self, ctx, resource):
        plugin = self._protectables.get(resource.type)
        try:
            return plugin.show_resource(ctx, resource.id)
        except exception.ResourceNotFound as exc:
            raise _refuse(str(exc)) from exc


def to_resource(values):
    """A plan's or a tree's resource as plugins take it."""
    return base.Resource(
        values['type'], values['id'], values.get('name'), values.get('extra_info')
    )


def from_resource(resource, found):
    """A resource as plans keep it, named by who knows it when nobody else did."""
    values = {'id': resource.id, 'type': resource.type}
    values['name'] = resource.name or found.name
    if resource.extra_info:
        values['extra_info'] = resource.extra_info
    return values


def _get_options_schema(plugin, resource_type):
    return plugin.get_options_schema(resource_type)


def _refuse(reason):
    return exception.InvalidParameter(name='resources', reason=reason)
