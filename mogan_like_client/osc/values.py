"""What is typed as ``key=value``, and as text that means something."""

import argparse
import json


def read_pair(text):
    """``(key, value)`` of ``key=value``; what argparse calls a type."""
    key, equals, value = text.partition('=')
    if not key or not equals:
        raise argparse.ArgumentTypeError(f'{text} is not <key>=<value>')
    return key, value


def read_json(text):
    """What JSON says; what argparse calls a type."""
    try:
        return json.loads(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f'{text} is not JSON: {exc}') from exc


def drop_none(**given):
    """What was given."""
    return {name: value for name, value in given.items() if value is not None}


def split(text, separator=','):
    """The parts of a list; a separator inside brackets or quotes does not part them.

    ``a,b=["x", "y"],c`` has three.
    """
    parts, depth, quote, part = [], 0, None, ''
    for character in text:
        if quote:
            quote = None if character == quote else quote
        elif character in '"\'':
            quote = character
        elif character in '[{':
            depth += 1
        elif character in ']}':
            depth -= 1
        elif character == separator and depth == 0:
            parts.append(part)
            part = ''
            continue
        part += character
    return [*parts, part]
