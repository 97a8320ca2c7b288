"""The pages of the API reference say what the code says, of every route."""

import inspect
import re
import unittest

from mogan_like.api import root
from mogan_like.api import versions
from tests.functional.samples import pages

#: Answered before Pecan is asked.
_ELSEWHERE = {('GET', '/healthcheck')}
#: Need no identity and no policy.
_PUBLIC = {('GET', '/'), ('GET', '/v1'), ('GET', '/v2.1'), *_ELSEWHERE}

#: The one POST that takes no key: every copy is refused.
_COPY = '/v1/providers/{provider_id}/checkpoints/action'
#: What takes a key though it is no POST: an instance's verbs.
_VERBS = '/v1/instances/{uuid}/states/'

_KINDS = {str: 'string', int: 'integer', bool: 'boolean', type(None): 'null'}
_NAMES = re.compile(r'{(\w+)}')


def _takes_key(method, path):
    """True where a client's Idempotency-Key is told of."""
    if method == 'PUT':
        return path.startswith(_VERBS)
    return method == 'POST' and path != _COPY


def _find_routes():
    """``{(method, path): handler}``; HEAD and OPTIONS are everywhere alike."""
    return {
        (method, f'/{mount}/{below}'.replace('//', '/').rstrip('/') or '/'): getattr(
            controller, name
        )
        for mount, controller in root.make_mounts().items()
        for below, methods in controller.routes.items()
        for method, name in methods.items()
    }


def _flatten(schema, prefix='', is_choice=False):
    """Pairs of a field's dotted name and ``(type, required)``.

    :param is_choice: the object is one of several that may stand there
    """
    for name, inner in schema.get('properties', {}).items():
        required = name in schema['required'] and not is_choice
        yield prefix + name, (_find_type(inner), required)
        # The links of all objects are alike, and described in words.
        parts = [] if name == 'links' else _find_parts(inner)
        for part in parts:
            yield from _flatten(part, f'{prefix}{name}.', len(parts) > 1)


def _find_parts(schema):
    """The objects with fields of their own that a field may hold."""
    if 'oneOf' in schema:
        return [part for one in schema['oneOf'] for part in _find_parts(one)]
    if schema.get('type') == 'array':
        return _find_parts(schema['items'])
    return [schema] if 'properties' in schema else []


def _find_type(schema):
    """The type, of several the one that is not null."""
    if 'oneOf' in schema:
        kinds = [_find_type(one) for one in schema['oneOf']]
    elif 'enum' in schema:
        kinds = [_KINDS[type(value)] for value in schema['enum']]
    else:
        kinds = schema['type'] if isinstance(schema['type'], list) else [schema['type']]
    return next((kind for kind in kinds if kind != 'null'), 'null')


def _flatten_answer(schema):
    """As :func:`_flatten`; the items of a page stand without its name."""
    fields = dict(_flatten(schema))
    if 'next' not in fields:
        return fields
    (name,) = set(schema['properties']) - {'next'}
    return {field.removeprefix(f'{name}.'): what for field, what in fields.items()}


def _list_fields(described):
    """``{name: (type, required)}`` of what a page says."""
    return {
        name: (what['type'], what['required'] == 'true')
        for name, what in described.items()
    }


def _list_query(page):
    """``{name: the microversion it came with, or None}``."""
    return {
        name: versions.parse(what['min_version']) if 'min_version' in what else None
        for name, what in page.find('query').items()
    }


def _get_newest(schema):
    """The document of the newest microversion, an empty one when there is none."""
    return schema.get_document() if schema else {}


class ApiRefTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.described = pages.read()
        cls.routes = _find_routes()

    def _check(self, expect, find, routes=None):
        """Compare what two functions say of each route, all at once.

        :param expect: called with a route's key and handler
        :param find: called with what its page says
        """
        expected, found = {}, {}
        for key in routes or self.routes:
            expected[key] = expect(key, self.routes[key])
            found[key] = find(self.described[key])
        self.assertEqual(expected, found)

    def test_every_route_is_described_and_no_other(self):
        self.assertEqual({*self.routes, *_ELSEWHERE}, set(self.described))

    def test_microversions(self):
        self._check(
            lambda _key, handler: handler.route.since,
            lambda page: versions.parse(page.min_version or versions.MIN_TEXT),
        )

    def test_codes_of_success(self):
        self._check(
            lambda _key, handler: [handler.route.status], lambda page: page.success
        )

    def test_codes_of_errors(self):
        for key, handler in self.routes.items():
            if key in _PUBLIC:
                continue
            page = self.described[key]
            expected = {400, 401, 403, 406, 503}
            expected |= {413, 415} if handler.route.body else set()
            expected |= {404} if page.min_version else set()
            self.assertEqual(set(), expected - set(page.errors), key)
            self.assertEqual(sorted(page.errors), page.errors, key)

    def test_parameters_of_paths(self):
        self._check(
            lambda key, _handler: set(_NAMES.findall(key[1])),
            lambda page: set(page.find('path')),
        )

    def test_parameters_of_queries(self):
        def expect(key, handler):
            names = set(inspect.signature(handler).parameters) - {'ctx', 'body'}
            query = handler.route.query
            return {
                query.names.get(name, (name,))[0]: query.added.get(name)
                for name in names - set(_NAMES.findall(key[1]))
            }

        self._check(expect, _list_query)

    def test_bodies_of_requests(self):
        self._check(
            lambda _key, handler: dict(_flatten(_get_newest(handler.route.body))),
            lambda page: _list_fields(page.find('body')),
        )

    def test_bodies_of_answers(self):
        self._check(
            lambda _key, handler: _flatten_answer(_get_newest(handler.route.response)),
            lambda page: _list_fields(page.find('body', response=True)),
            set(self.routes) - _PUBLIC,
        )

    def test_idempotency_key(self):
        self._check(
            lambda key, _handler: _takes_key(*key),
            lambda page: 'Idempotency-Key' in page.find('header'),
        )

    def test_every_sample_is_shown(self):
        folder = pages.SOURCE / 'samples'
        files = {str(path.relative_to(folder)) for path in folder.rglob('*.json')}
        self.assertEqual(files, set(pages.list_includes()))
