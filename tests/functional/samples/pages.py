"""Reads the pages of the API reference: what they say of each route."""

import dataclasses
from pathlib import Path
import re

import yaml

SOURCE = Path(__file__).parents[3] / 'api-ref' / 'source'

_METHOD = re.compile(r'^\.\. rest_method:: (\w+) (\S+)$', re.MULTILINE)
_VERSION = re.compile(r'^   min_version: (\S+)$', re.MULTILINE)
_INCLUDE = re.compile(r'^\.\. literalinclude:: samples/(\S+)$', re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Described:
    """What a page says of one route.

    :ivar request: ``{name: definition in parameters.yaml}``; so is ``response``
    :ivar errors: the codes of the errors
    """

    min_version: str | None
    success: list
    errors: list
    request: dict
    response: dict

    def find(self, place, response=False):
        """``{name: definition}`` of those in ``query``, ``body`` and so on."""
        table = self.response if response else self.request
        return {name: what for name, what in table.items() if what['in'] == place}


def read():
    """``{(method, path): Described}`` of all pages.

    :raises ValueError: when a route is described twice
    """
    with open(SOURCE / 'parameters.yaml', encoding='utf-8') as source:
        # Versions are text: 1.10 is not 1.1.
        parameters = yaml.load(source, yaml.BaseLoader)
    found = {}
    for text in _read_pages():
        _, *parts = _METHOD.split(text)
        for method, path, body in zip(*[iter(parts)] * 3, strict=True):
            if (method, path) in found:
                raise ValueError(f'{method} {path} is described twice')
            found[method, path] = _describe(body, parameters)
    return found


def list_includes():
    """The sample files that the pages show, once for each time they do."""
    return [file for text in _read_pages() for file in _INCLUDE.findall(text)]


def _read_pages():
    return [path.read_text() for path in sorted(SOURCE.glob('*.rst'))]


def _describe(text, parameters):
    version = _VERSION.search(text)
    request, response = text.split('Response\n--------\n')
    return Described(
        version and version.group(1),
        _read_codes(text, 'success'),
        _read_codes(text, 'error'),
        _read_table(request, parameters),
        _read_table(response, parameters),
    )


def _read_codes(text, kind):
    items = _read_items(text, f'rest_status_code:: {kind} http-status.yaml')
    return [int(item.partition(':')[0]) for item in items]


def _read_table(text, parameters):
    items = _read_items(text, 'rest_parameters:: parameters.yaml')
    pairs = [item.split(': ') for item in items]
    return {name: parameters[key] for name, key in pairs}


def _read_items(text, directive):
    """The list below a directive; empty when it is not there."""
    found = re.search(rf'^\.\. {directive}\n\n((?:   - .*\n)*)', text, re.MULTILINE)
    return [line[5:] for line in found.group(1).splitlines()] if found else []
