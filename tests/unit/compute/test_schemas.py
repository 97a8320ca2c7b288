"""Nova's routes have their schemas, at the microversions that are in the list."""

import unittest

from mogan_like.api import body
from mogan_like.api import root
from mogan_like.api import versions
from mogan_like.compute.schemas import grow
from mogan_like.compute.schemas import server_actions


def find_handlers():
    """``{(method, path): handler}`` of Nova's routes, and of what leads to them."""
    found = {
        (method, f'{mount}/{below}'.strip('/')): getattr(controller, name)
        for mount, controller in root.make_mounts().items()
        for below, methods in controller.routes.items()
        for method, name in methods.items()
    }
    return {
        (method, path): handler
        for (method, path), handler in found.items()
        if not path or versions.family_of(path) is versions.COMPUTE
    }


def list_versions(schema):
    """The microversions that a schema changes at."""
    return {version for version, _ in schema._newest_first} - {(0, 0)}


class TestSchemas(unittest.TestCase):
    def test_the_routes_are_found(self):
        found = find_handlers()
        for path in ('', 'v2.1', 'v2.1/servers', 'v2.1/os-keypairs/{keypair_name}'):
            self.assertIn(('GET', path), found)
        self.assertNotIn(('GET', 'v1'), found)

    def test_every_request_and_answer_has_one(self):
        for (method, path), handler in find_handlers().items():
            with self.subTest(method=method, path=path):
                self.assertIs(method in ('POST', 'PUT'), handler.route.body is not None)
                has_answer = handler.route.response is not None
                self.assertIs(handler.route.status != 204, has_answer)

    def test_nothing_changes_at_a_version_that_is_not_in_the_list(self):
        listed = {versions.parse(text) for text in versions.COMPUTE_HISTORY}
        used = {'family': {versions.parse(versions.COMPUTE.strict_since)}}
        for key, handler in find_handlers().items():
            route = handler.route
            for schema in filter(None, (route.body, route.response)):
                used.setdefault(key, set()).update(list_versions(schema))
            used[key] = used.get(key, set()) | set(route.query.added.values())
            if route.query.strict_since:
                used[key].add(route.query.strict_since)
        for name, schema in server_actions.ACTIONS.items():
            used[name] = list_versions(body.Schema(schema))
        self.assertEqual({}, {key: more for key, found in used.items()
                              if (more := found - listed)})  # fmt: skip


class TestGrow(unittest.TestCase):
    def test_fields_come_change_and_go(self):
        number, text = {'type': 'integer'}, {'type': 'string'}
        grown = grow.grow(
            {
                '2.10': {'b': number},
                '2.2': {'a?': number, 'b?': text},
                '2.30': {'a': None},
            }
        )
        shapes = {
            version: (schema['properties'], schema['required'])
            for version, schema in grown.items()
        }
        self.assertEqual(
            {
                '2.2': ({'a': number, 'b': text}, []),
                '2.10': ({'a': number, 'b': number}, ['b']),
                '2.30': ({'b': number}, ['b']),
            },
            shapes,
        )

    def test_links_come_with_the_pages(self):
        grown = grow.grow({'2.1': {'a': {}}, '2.9': {'b': {}}})
        for since, expected in (
            (None, {'2.1': True, '2.9': True}),
            ('2.9', {'2.1': False, '2.9': True}),
            ('2.5', {'2.1': False, '2.5': True, '2.9': True}),
        ):
            found = grow.collect('things', grown, 'links', since)
            has_links = {
                version: 'links' in schema['properties']
                for version, schema in found.items()
            }
            self.assertEqual(expected, has_links)
            for version, schema in found.items():
                self.assertEqual(['things'], schema['required'])
                items = schema['properties']['things']['items']['properties']
                self.assertIs(version == '2.9', 'b' in items)
