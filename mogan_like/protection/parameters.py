"""Parameters for resources: by type, and by ``TYPE#id`` on top of those."""

import functools

import fastjsonschema
import orjson

from mogan_like.common import exception


def merge(parameters, resource):
    """What is said for one resource: of its type, then of ``TYPE#id``."""
    return {
        **parameters.get(resource.type, {}),
        **parameters.get(f'{resource.type}#{resource.id}', {}),
    }


def find_plugin(plugins, resource_type):
    """The protection plugin of a type, or None."""
    for plugin in plugins:
        if resource_type in plugin.get_supported_resource_types():
            return plugin
    return None


class Check:
    """A check of parameters for some resources.

    :param plugins: of the provider
    :param schema: called with (plugin, resource type): the schema of what is said
        for one resource
    :param name: of the parameter, for messages
    """

    def __init__(self, plugins, schema, name='parameters'):
        self._plugins = plugins
        self._schema = schema
        self._name = name

    def check(self, parameters, resources, others=()):
        """Check what is said for every resource, in full.

        :param others: types of which there may be others than these
        :raises InvalidParameter: naming what is wrong
        """
        known = {(resource.type, resource.id) for resource in resources}
        for key, values in parameters.items():
            self._check_key(key, values, known, others)
        for resource in resources:
            plugin = find_plugin(self._plugins, resource.type)
            if plugin is not None:
                self.check_one(plugin, parameters, resource)

    def check_types(self, parameters, types):
        """Check what is said for every resource of some types, whichever there are.

        :raises InvalidParameter: naming the type and what is wrong
        """
        for name in sorted(types):
            plugin = find_plugin(self._plugins, name)
            if plugin is not None:
                label = f'{name} (resources of this type may belong to those named)'
                schema = self._schema(plugin, name)
                self._validate(label, schema, parameters.get(name, {}))

    def check_one(self, plugin, parameters, resource):
        """Check what is said for one resource.

        :raises InvalidParameter: naming the resource and what is wrong
        """
        label = f'{resource.type}#{resource.id}'
        schema = self._schema(plugin, resource.type)
        self._validate(label, schema, merge(parameters, resource))

    def _check_key(self, key, values, known, others):
        resource_type, _, resource_id = key.partition('#')
        plugin = find_plugin(self._plugins, resource_type)
        if plugin is None:
            types = {
                name
                for each in self._plugins
                for name in each.get_supported_resource_types()
            }
            raise self._refuse(
                f'{key}: the provider does not protect {resource_type}; it protects: '
                f'{", ".join(sorted(types)) or "nothing"}.'
            )
        is_known = (resource_type, resource_id) in known or resource_type in others
        if resource_id and not is_known:
            raise self._refuse(f'{key}: there is no such resource.')
        # What is required may be said under the other kind of key.
        schema = self._schema(plugin, resource_type)
        partial = {name: each for name, each in schema.items() if name != 'required'}
        self._validate(key, partial, values)

    def _validate(self, label, schema, values):
        unknown = set(values) - set(schema.get('properties', ()))
        if unknown and not schema.get('additionalProperties'):
            raise self._refuse(f'{label}: {", ".join(sorted(unknown))} is not known.')
        try:
            _compile(orjson.dumps(schema))(values)
        except fastjsonschema.JsonSchemaValueException as exc:
            message = exc.message.replace('data.', '', 1)
            raise self._refuse(f'{label}: {message}.') from exc

    def _refuse(self, reason):
        return exception.InvalidParameter(name=self._name, reason=reason)


@functools.cache
def _compile(schema):
    # Defaults are the plugin's to fill in: what is kept is what was said.
    return fastjsonschema.compile(orjson.loads(schema), use_default=False)
