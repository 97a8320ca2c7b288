"""Directives that list what the code says: microversions, and errors.

Both write reStructuredText and have it parsed, so that a reader of this file
sees what comes out.
"""

import re

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from mogan_like.api import errors
from mogan_like.api import root
from mogan_like.api import versions
from mogan_like.common import exception


class Listing(Directive):
    """A directive whose lines are made by :meth:`make_lines`."""

    def run(self):
        """The nodes that take the directive's place on the page."""
        node = nodes.container()
        lines = StringList(list(self.make_lines()), source=type(self).__name__)
        self.state.nested_parse(lines, 0, node)
        return node.children


class Microversions(Listing):
    """Each microversion, newest first, with the routes that it brought."""

    @staticmethod
    def make_lines():
        """Lines of a definition list."""
        for version, sentence in reversed(versions.HISTORY.items()):
            yield version
            yield '    ' + sentence.replace('`', '``')
            yield ''
            if version != versions.MIN_TEXT:
                for what in find_news(versions.parse(version)):
                    yield f'    * {what}'
            yield ''


class ComputeMicroversions(Listing):
    """Nova's microversions that change something here, oldest first."""

    @staticmethod
    def make_lines():
        """Lines of a definition list."""
        for version, sentence in versions.COMPUTE_HISTORY.items():
            yield version
            yield '    ' + sentence.replace('`', '``')
            yield ''


class Errors(Listing):
    """Each name of an error, with its code, its key and its message."""

    @staticmethod
    def make_lines():
        """Lines of a table."""
        yield from (
            '.. list-table::',
            '   :header-rows: 1',
            '   :widths: 8 22 26 44',
            '',
        )
        yield from make_row('Code', 'First key', '``error_name``', 'Message')
        for kind in find_errors():
            # Only code and name count here, which need no arguments.
            fact = kind.__new__(kind)
            key = next(iter(errors.v1(fact, '')))
            message = re.sub(r'%\((\w+)\)s', r'*\1*', kind.msg_fmt)
            yield from make_row(str(kind.code), f'``{key}``', fact.title, message)


def find_news(version):
    """Sentences on the routes and query parameters that a version brought."""
    for mount, controller in root.make_mounts().items():
        for path, endpoints in controller.make_endpoints(mount):
            shown = '/' + path.strip('/')
            methods = controller.routes[path.removeprefix(mount).removeprefix('/')]
            for method, name in methods.items():
                if endpoints[method].since == version:
                    yield f'New route: ``{method} {shown}``'
                query = getattr(controller, name).route.query
                for parameter, since in query.added.items():
                    if since == version:
                        yield f'New parameter: ``{parameter}`` of ``{method} {shown}``'


def find_errors():
    """The classes of errors that callers can see, by their codes."""
    kinds = [
        kind
        for kind in vars(exception).values()
        if isinstance(kind, type)
        and issubclass(kind, exception.MoganLikeError)
        and kind.code != 500
    ]
    return sorted(kinds, key=lambda kind: (kind.code, kind.__name__))


def make_row(*cells):
    """Lines of one row of a table."""
    for number, cell in enumerate(cells):
        yield f'   {" " if number else "*"} - {cell}'


def setup(app):
    """Tell Sphinx of the directives."""
    app.add_directive('microversions', Microversions)
    app.add_directive('compute-microversions', ComputeMicroversions)
    app.add_directive('errors', Errors)
    return {'version': '1', 'parallel_read_safe': True}
