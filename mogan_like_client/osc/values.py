"""What is typed as ``key=value``, and as text that means something."""

import argparse
import json
from pathlib import Path

from osc_lib import exceptions


def read_integer(text):
    """The number that a text is; None if it is none."""
    try:
        return int(text)
    except ValueError:
        return None


def read_json(text):
    """What JSON says; what argparse calls a type."""
    try:
        return json.loads(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f'{text} is not JSON: {exc}') from exc


def read_file(option, path):
    """The bytes of a file.

    :param option: that names it, for the message
    :raises CommandError: it cannot be read
    """
    try:
        return Path(path).read_bytes()
    except OSError as exc:
        raise exceptions.CommandError(f'{option}: {path}: {exc.strerror}.') from exc


def drop_none(**given):
    """What was given."""
    return {name: value for name, value in given.items() if value is not None}


class Quoted(str):
    """A text that was typed in quotes: it means nothing else, as a number would."""

    __slots__ = ()


def read_pairs(text):
    """What ``key=value,key=value,...`` says.

    A value that starts with a bracket or a double quote is JSON, as far as that goes;
    one that starts with a single quote goes to the next one; any other goes to the
    next comma, whatever is in it.

    :returns: {key: text}; a :class:`Quoted` where it stood in quotes
    :raises ValueError: saying what is wrong
    """
    pairs, rest = {}, text
    while rest is not None:
        part, _comma, _more = rest.partition(',')
        key, equals, _value = part.partition('=')
        key = key.strip()
        if not key or not equals:
            raise ValueError(f'{part} is not <key>=<value>')
        if key in pairs:
            raise ValueError(f'{key} is there twice')
        try:
            pairs[key], rest = _take_value(rest.partition('=')[2])
        except ValueError as exc:
            raise ValueError(f'{key}: {exc}') from exc
    return pairs


def _take_value(text):
    """The value that a text starts with, and what follows its comma; or None."""
    value, end = _find_end(text)
    behind = text[end:]
    if behind and not behind.startswith(','):
        raise ValueError(f'{behind} stands behind {text[:end]}')
    return value, behind[1:] if behind else None


def _find_end(text):
    """The value that a text starts with, and how much of the text it takes."""
    if text.startswith(('"', '[', '{')):
        try:
            value, end = json.JSONDecoder().raw_decode(text)
        except ValueError as exc:
            raise ValueError(f'{text} starts like JSON, and is not: {exc}') from exc
        return Quoted(value) if isinstance(value, str) else text[:end], end
    if text.startswith("'"):
        value, quote, _behind = text[1:].partition("'")
        if not quote:
            raise ValueError(f'the quote of {text} does not end')
        return Quoted(value), len(value) + 2
    value, _comma, _more = text.partition(',')
    return value, len(value)
