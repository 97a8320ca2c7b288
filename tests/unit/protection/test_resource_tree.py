"""The tree of resources: order, shared children, loops."""

import unittest

from mogan_like.common import exception
from mogan_like.protection import resource_tree
from mogan_like.protection.plugins import base


def _make(name):
    return base.Resource(
        'T', name, f'name of {name}', {'a': 1} if name == 'a' else None
    )


class ResourceTreeTest(unittest.TestCase):
    def build(self, edges, *roots, limit=100):
        """A tree of {parent: its children}, all of them words."""
        return resource_tree.build(
            [_make(root) for root in roots],
            lambda resource: [_make(child) for child in edges.get(resource.id, '')],
            limit,
        )

    def list_edges(self, tree):
        return {
            (tree.resources[parent].id, tree.resources[child].id)
            for parent, children in tree.children.items()
            for child in children
        }

    def test_children_come_first(self):
        tree = self.build({'a': 'bc', 'b': 'd'}, 'a')
        self.assertEqual('dbca', ''.join(each.id for each in tree.resources.values()))
        self.assertEqual({('a', 'b'), ('a', 'c'), ('b', 'd')}, self.list_edges(tree))

    def test_a_child_of_two_is_there_once(self):
        tree = self.build({'a': 'c', 'b': 'cc'}, 'a', 'b')
        self.assertEqual(3, len(tree.resources))
        self.assertEqual({('a', 'c'), ('b', 'c')}, self.list_edges(tree))
        (parents,) = tree.list_parents().values()
        self.assertEqual(2, len(parents))

    def test_a_root_may_depend_on_another(self):
        for roots in ('ab', 'ba'):
            tree = self.build({'a': 'b'}, *roots)
            self.assertEqual({('a', 'b')}, self.list_edges(tree))
            self.assertEqual(2, len(tree.resources))

    def test_loops(self):
        for edges in ({'a': 'a'}, {'a': 'b', 'b': 'a'}, {'a': 'b', 'b': 'c', 'c': 'b'}):
            with self.assertRaisesRegex(exception.ResourceLoop, 'of type T'):
                self.build(edges, 'a')

    def test_as_deep_as_it_gets(self):
        depth = 5000
        tree = resource_tree.build(
            [_make('0')],
            lambda each: [_make(str(int(each.id) + 1))] if int(each.id) < depth else [],
            depth + 1,
        )
        self.assertEqual(depth + 1, len(tree.resources))

    def test_limit(self):
        self.build({'a': 'bc'}, 'a', limit=3)
        with self.assertRaises(exception.TooManyResources):
            self.build({'a': 'bc'}, 'a', limit=2)
        endless = lambda each: [_make(each.id + 'x')]  # noqa: E731
        with self.assertRaises(exception.TooManyResources):
            resource_tree.build([_make('a')], endless, 50)

    def test_kept_as_karbor_does(self):
        tree = self.build({'a': 'b'}, 'a')
        packed = resource_tree.pack(tree)
        self.assertEqual(
            [
                {
                    '0': ['T', 'b', 'name of b', None],
                    '1': ['T', 'a', 'name of a', {'a': 1}],
                },
                [['1', ['0']]],
            ],
            packed,
        )
        self.assertEqual(tree, resource_tree.unpack(packed))
        self.assertEqual({}, resource_tree.unpack(None).resources)
