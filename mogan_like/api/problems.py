"""What is wrong with a document, in words that name the field."""

import functools
import typing

import fastjsonschema
import orjson

from mogan_like.api import types

#: What JSON schemas of ours know besides the standard's own.
FORMATS = {'uuid': types.is_uuid}

_LONGEST_NAME = 64


class _Problem(typing.NamedTuple):
    """One reason why a document is refused.

    :ivar field: the path of what is wrong, '' for the document
    :ivar mark: what stands between the field and the words
    """

    field: str
    mark: str
    words: str


def describe(exc):
    """What is wrong, naming the field, its name cut off where it is long.

    :param exc: a JsonSchemaValueException of a document
    """
    # None is said twice, and the field once.
    first, *others = dict.fromkeys(_list_problems(exc, ''))
    more = [each.words if each.field == first.field else _say(each) for each in others]
    return ', or '.join([_say(first), *more])


def _say(problem):
    if problem.mark == ': ':
        return f'{problem.field}: {problem.words}' if problem.field else problem.words
    return f'{problem.field or "the document"} {problem.words}'


def _list_problems(exc, above):
    """The problems that an exception is about; of alternatives, the nearest ones.

    :param above: the path of what it was looked for in
    """
    path = above + exc.name.removeprefix('data')
    if exc.rule != 'oneOf':
        return [_make_problem(exc, path)]
    found = [_try(each, exc.value) for each in exc.rule_definition]
    found = [each for each in found if each is not None]
    if len(found) < len(exc.rule_definition):
        # More than one fits.
        return [_make_problem(exc, path)]
    nearest = max(map(_get_nearness, found))
    return [
        problem
        for each in found
        if _get_nearness(each) == nearest
        for problem in _list_problems(each, path)
    ]


def _try(schema, value):
    """Why a value does not fit to a schema, or None."""
    try:
        _compile(orjson.dumps(schema))(value)
    except fastjsonschema.JsonSchemaValueException as exc:
        return exc
    return None


@functools.cache
def _compile(schema):
    return fastjsonschema.compile(
        orjson.loads(schema), formats=FORMATS, use_default=False
    )


def _get_nearness(exc):
    """A sort key: how far a value fits to the alternative that refused it."""
    return len(exc.path), exc.rule not in ('type', 'enum'), exc.rule != 'required'


def _make_problem(exc, path):
    field = path.lstrip('.')[:_LONGEST_NAME]
    if exc.rule == 'required':
        missing = [key for key in exc.rule_definition if key not in exc.value]
        return _Problem(field, ': ', f'{", ".join(missing)} is required')
    if exc.rule == 'additionalProperties':
        known = exc.definition.get('properties', {})
        unknown = sorted(key[:_LONGEST_NAME] for key in exc.value if key not in known)
        return _Problem(field, ': ', f'unknown field {", ".join(unknown)}')
    if exc.rule == 'propertyNames':
        words = 'a key has not the length or form that keys have'
        return _Problem(field, ': ', words)
    return _Problem(field, ' ', exc.message.removeprefix(exc.name).strip())
