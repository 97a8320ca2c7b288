"""What a reservation asks for, checked against its type."""

import functools

import fastjsonschema
import orjson

from mogan_like.common import exception
from mogan_like.leases import before_end

#: Keys of a reservation in a request that are no values of its type.
_OURS = ('id', 'resource_type')


class ResourceTypes:
    """The resource types that this conductor has plugins for.

    :param plugins: {resource type: plugin}
    :param works: {name: plugin for work before the end}
    """

    def __init__(self, plugins, works):
        self._plugins = plugins
        self._works = works

    def get(self, resource_type):
        """The plugin of a type.

        :raises InvalidParameter: naming those there are
        """
        if resource_type not in self._plugins:
            known = ', '.join(sorted(self._plugins))
            raise exception.InvalidParameter(
                name='resource_type',
                reason=f'{resource_type} is not supported; known are: {known}.',
            )
        return self._plugins[resource_type]

    def find(self, resource_type):
        """The plugin of a type, or None where it is not installed any more."""
        return self._plugins.get(resource_type)

    def list(self):
        """All plugins, sorted by their types."""
        return [self._plugins[name] for name in sorted(self._plugins)]

    def list_works(self):
        """[(name, plugin for work before the end)], sorted."""
        return sorted(self._works.items())

    def check(self, conn, plugin, values, project_id):
        """A reservation's values as they are kept.

        :param values: the reservation in the request; keys that belong to no
            type are skipped
        :param project_id: of the lease
        :raises InvalidParameter: naming the value and what is wrong
        """
        values = {name: value for name, value in values.items() if name not in _OURS}
        validate = _compile(orjson.dumps(plugin.get_schema()))
        try:
            values = validate(values)
        except fastjsonschema.JsonSchemaValueException as exc:
            raise exception.InvalidParameter(
                name=plugin.resource_type,
                reason=exc.message.replace('data.', '', 1) + '.',
            ) from exc
        self._check_work(conn, values.get('before_end'), project_id)
        return plugin.check_values(conn, values)

    def _check_work(self, conn, text, project_id):
        if text in before_end.NOTHING:
            return
        name, argument = before_end.split(text)
        if name not in self._works:
            known = ', '.join(sorted(self._works)) or 'none'
            raise exception.InvalidParameter(
                name='before_end', reason=f'{text} is not known; there are: {known}.'
            )
        self._works[name].check(conn, project_id, argument)


def has_work(values):
    """True when something is to be done before the end."""
    return values.get('before_end') not in before_end.NOTHING


@functools.cache
def _compile(schema):
    return fastjsonschema.compile(orjson.loads(schema))
