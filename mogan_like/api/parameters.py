"""Parameters of paths and queries, made into values by their WSME types."""

import functools
import inspect
import math
import typing
import urllib.parse

import wsme.api
import wsme.exc
from wsme.rest import args as wsme_args
import wsme.types

from mogan_like.api import versions
from mogan_like.common import exception

_MOST = 64
_LONGEST_NAME = 64
#: As version tuples.
_ALWAYS = (0,)
_NEVER = (math.inf,)


class Query(typing.NamedTuple):
    """What a route's query may hold, beyond its handler's arguments.

    :ivar added: ``{argument: version tuple}`` of those that came later
    :ivar names: ``{argument: names}`` of those that are called otherwise
    :ivar refused: names that are refused whatever the version
    :ivar strict_since: the version tuple since which what is unknown is refused;
        None for the family's
    :ivar several: arguments that may be given more than once, and are lists
    """

    added: dict
    names: dict
    refused: frozenset
    strict_since: tuple | None
    several: frozenset


class Parameters:
    """The typed parameters of one handler.

    :param function: the handler; each parameter is annotated with a WSME type
    :param skipped: those that are no parameters of the request
    :param path: the names of those in the path, in its order
    :param query: a :class:`Query`
    :param strict_since: of the family of the route
    :raises TypeError: when the handler cannot take what its route gives
    """

    def __init__(self, function, skipped, path, query, strict_since):
        # Of a method's function, which is the same in every application.
        method = getattr(function, '__func__', None)
        self._arguments = (
            _define(method, ('self', *skipped))
            if method
            else _define(function, skipped)
        )
        self._path = path
        self._query = query
        self._mandatory = {
            name for name, argument in self._arguments.items() if argument.mandatory
        }
        self._by_name = {
            name: argument
            for key, argument in self._arguments.items()
            for name in query.names.get(key, (key,))
        }
        known = {*path, *query.added, *query.names, *query.several}
        if unknown := known - set(self._arguments):
            raise TypeError(f'{function} takes no {unknown}')
        self._strict_since = self._find_strict(strict_since)

    def _find_strict(self, of_family):
        """The version tuple since which what is unknown is refused."""
        if of_family is None:
            return _ALWAYS
        if not set(self._arguments).difference(self._path):
            # Nova looks at no query where there is nothing to ask.
            return _NEVER
        return self._query.strict_since or versions.parse(of_family)

    def read(self, environ, version, values):
        """The handler's keyword arguments.

        :param version: the microversion as a tuple
        :param values: of the path's parameters, as text
        :raises Invalid: naming the parameter
        """
        given = {
            name: _convert(self._arguments[name], name, value)
            for name, value in zip(self._path, values, strict=True)
        }
        for name, value in _parse_query(environ):
            argument = self._find(name, version)
            if argument is None:
                continue
            value = _convert(argument, name, value)
            if argument.name in self._query.several:
                given.setdefault(argument.name, []).append(value)
            elif argument.name in given:
                raise exception.InvalidParameter(
                    name=name, reason='it is given more than once'
                )
            else:
                given[argument.name] = value
        if missing := self._mandatory.difference(given):
            raise exception.InvalidParameter(
                name=', '.join(sorted(missing)), reason='it is required'
            )
        return given

    def _find(self, name, version):
        """The argument that a name in the query is for, None to drop it."""
        argument = self._by_name.get(name)
        if argument and version >= self._query.added.get(argument.name, version):
            return argument
        shown = name[:_LONGEST_NAME]
        if name in self._query.refused:
            # Dropped, it would be a list of more than was asked for.
            raise exception.InvalidParameter(
                name=shown, reason='it is not supported here'
            )
        if version < self._strict_since:
            return None
        raise exception.Invalid(reason=f'unknown query parameter {shown}')


@functools.cache
def _define(function, skipped):
    """WSME's definitions of a function's parameters, by name."""
    definition = wsme.api.FunctionDefinition(function)
    parameters = dict(inspect.signature(function).parameters)
    for name in skipped:
        if parameters.pop(name, None) is None:
            raise TypeError(f'{function} takes no {name}')
    for name, parameter in parameters.items():
        if parameter.annotation is parameter.empty:
            raise TypeError(f'{function}: {name} has no type')
        mandatory = parameter.default is parameter.empty
        definition.arguments.append(
            wsme.api.FunctionArgument(
                name, parameter.annotation, mandatory, parameter.default
            )
        )
    definition.resolve_types(wsme.types.registry)
    return {argument.name: argument for argument in definition.arguments}


def _parse_query(environ):
    query = environ.get('QUERY_STRING')
    if not query:
        return ()
    try:
        return urllib.parse.parse_qsl(
            query.encode('latin-1').decode(),
            keep_blank_values=True,
            errors='strict',
            max_num_fields=_MOST,
        )
    except ValueError:
        raise exception.Invalid(
            reason='the query is not UTF-8 or has too many parameters'
        ) from None


def _convert(argument, name, text):
    """A parameter's value as its type makes it.

    :param name: of the parameter, as the client has it
    """
    try:
        if '\0' in text:
            raise ValueError('it has a NUL character')
        value = wsme_args.from_param(argument.datatype, text)
        # WSME converts parameters without validating them.
        return wsme.types.validate_value(argument.datatype, value)
    except wsme.exc.ClientSideError as exc:
        reason = exc.msg
    except (ValueError, TypeError) as exc:
        reason = exc
    raise exception.InvalidParameter(name=name, reason=reason)
