"""The tree of a checkpoint's resources: built, kept and walked.

It is kept as Karbor does: ``[{sid: [type, id, name, extra_info]}, [[sid of a
parent, [sids of its children]]]]``. Children come before their parents.
"""

import dataclasses

from mogan_like.common import exception
from mogan_like.protection.plugins import base


@dataclasses.dataclass(frozen=True)
class Tree:
    """Resources and what depends on what; one may have several parents.

    :ivar resources: {sid: Resource}, children first
    :ivar children: {sid of a parent: [sid]}
    """

    resources: dict
    children: dict

    def list_parents(self):
        """{sid of a child: [sid]}."""
        parents = {}
        for parent, children in self.children.items():
            for child in children:
                parents.setdefault(child, []).append(parent)
        return parents


def build(roots, list_dependents, limit):
    """The tree under some resources.

    :param roots: resources; some may depend on others
    :param list_dependents: called with a resource: those that depend on it
    :param limit: resources at most
    :raises ResourceLoop: when one depends on itself
    :raises TooManyResources: when there are more than the limit
    """
    return _Builder(list_dependents, limit).build(roots)


class _Builder:
    """One walk, depth first; without recursion, since folders may lie deep."""

    def __init__(self, list_dependents, limit):
        self._list_dependents = list_dependents
        self._limit = limit
        # In the order in which they are done with, so children first.
        self._sids = {}
        self._resources = {}
        self._children = {}
        self._open = {}

    def build(self, roots):
        for root in roots:
            if _name(root) not in self._sids:
                self._walk(root)
        return Tree(self._resources, self._children)

    def _walk(self, root):
        path = [(root, self._enter(root))]
        while path:
            resource, waiting = path[-1]
            child = next(waiting, None)
            if child is None:
                self._leave(resource)
                path.pop()
            elif _name(child) in self._open:
                raise exception.ResourceLoop(type=child.type, id=child.id)
            elif _name(child) not in self._sids:
                path.append((child, self._enter(child)))

    def _enter(self, resource):
        """Its dependents, each once."""
        found = {_name(each): each for each in self._list_dependents(resource)}
        self._open[_name(resource)] = list(found)
        if len(self._open) + len(self._sids) > self._limit:
            raise exception.TooManyResources(limit=self._limit)
        return iter(found.values())

    def _leave(self, resource):
        sid = str(len(self._sids))
        self._sids[_name(resource)] = sid
        self._resources[sid] = resource
        children = self._open.pop(_name(resource))
        if children:
            self._children[sid] = [self._sids[name] for name in children]


def pack(tree):
    """The tree as plain values, as it is kept."""
    nodes = {
        sid: [each.type, each.id, each.name, each.extra_info]
        for sid, each in tree.resources.items()
    }
    return [nodes, [[sid, children] for sid, children in tree.children.items()]]


def unpack(packed):
    """The tree that :func:`pack` made plain; an empty one of None."""
    if not packed:
        return Tree({}, {})
    nodes, edges = packed
    resources = {sid: base.Resource(*values) for sid, values in nodes.items()}
    return Tree(resources, {sid: list(children) for sid, children in edges})


def _name(resource):
    return resource.type, resource.id
