"""The JSON schema of a type of reservations: what was typed, read and checked by it."""

import json
import math

import jsonschema
from osc_lib import exceptions
import referencing
import referencing.exceptions

from mogan_like_client.osc import values

#: What goes wrong inside of a schema that is none.
_BROKEN = (
    jsonschema.exceptions.SchemaError,
    referencing.exceptions.Unresolvable,
    RecursionError,
)
#: What of a schema says that a value is to be another one altogether.
_OF_KIND = frozenset(('anyOf', 'const', 'enum', 'oneOf', 'type'))
#: What people write where only JSON's own two words will do.
_WORDS = {'true': True, 'yes': True, 'on': True, 'false': False, 'no': False}
_WORDS['off'] = False


class Schema:
    """What a type takes.

    :param kind: name of the type
    :param contents: of the schema
    :param complete: False where what is not named stays as it is, so that nothing is
        required
    :ivar contents: of the service
    :ivar properties: {name of a value: its schema}
    :raises CommandError: it is no schema
    """

    def __init__(self, kind, contents, complete=True):
        self._kind = kind
        contents = contents if isinstance(contents, dict) else {}
        base = jsonschema.validators.validator_for(contents)
        strict = jsonschema.validators.extend(
            base,
            # To JSON schema 5.0 is an integer; to what works with it it is not.
            type_checker=base.TYPE_CHECKER.redefine('integer', _is_integer),
        )
        try:
            strict.check_schema(contents)
        except _BROKEN as exc:
            raise self._tell_broken(exc) from exc
        if not complete:
            contents = {**contents, 'required': []}
        self.contents = contents
        self.properties = contents.get('properties', {})
        # A schema that it refers to elsewhere is not fetched from there.
        self._validator = strict(contents, registry=referencing.Registry())

    def read(self, key, text):
        """A value that was typed: the first of its meanings that the type takes.

        :param text: of :func:`.values.read_pairs`
        :raises CommandError: the schema is none
        """
        meanings = [*_list_meanings(text)]
        for value in meanings:
            errors = self._find_errors({key: value})
            # One of the right kind that is too large is what was meant, and is told.
            if not any(each.path and each.validator in _OF_KIND for each in errors):
                return value
        return meanings[0]

    def check(self, given):
        """Look whether values are what the type takes.

        :raises CommandError: naming the first that is not, or that the schema is none
        """
        errors = self._find_errors(given)
        first = min(errors, key=lambda each: list(map(str, each.path)), default=None)
        if first is None:
            return
        # Of several ways to be right it is the nearest that is told.
        nearest = jsonschema.exceptions.best_match([first])
        where = '.'.join(map(str, nearest.absolute_path))
        raise exceptions.CommandError(
            f'{self._kind}: {where}{": " if where else ""}{nearest.message}. '
            f'"openstack baremetalcompute lease resource show {self._kind}" says what '
            'it takes.'
        )

    def _find_errors(self, given):
        try:
            return list(self._validator.iter_errors(given))
        except _BROKEN as exc:
            raise self._tell_broken(exc) from exc

    def _tell_broken(self, exc):
        reason = getattr(exc, 'message', None) or str(exc)
        return exceptions.CommandError(
            f"The service's schema of {self._kind} is broken, tell whoever runs it: "
            f'{reason}'
        )


def _is_integer(_checker, value):
    return isinstance(value, int) and not isinstance(value, bool)


def _list_meanings(text):
    """What a text may mean, the likeliest first."""
    if isinstance(text, values.Quoted):
        yield str(text)
        return
    value, is_exact = _read_json(text)
    if is_exact:
        yield value
    yield text
    if value is not text:
        yield value
    if text.lower() in _WORDS:
        yield _WORDS[text.lower()]


def _read_json(text):
    """What a text says as JSON, or itself; and whether JSON would write it so, too.

    1.10 may be the version of something: as a number it is another one.
    """
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_read_float)
    except ValueError:
        return text, False
    return value, isinstance(value, (dict, list)) or json.dumps(value) == text


def _refuse(text):
    raise ValueError(f'{text} is no JSON')


def _read_float(text):
    value = float(text)
    return value if math.isfinite(value) else _refuse(text)
