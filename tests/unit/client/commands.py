"""Commands run in process, on a client that is told what to answer."""

import io
from unittest import mock


def make_app(client):
    """The shell that a command runs in; what it tells on stderr is kept."""
    app = mock.Mock(stderr=io.StringIO())
    app.client_manager.baremetal_compute = client
    return app


def run(kind, app, *words):
    """Run a command of one class.

    :returns: what it would print: names of fields or columns, and a row or rows
    """
    command = kind(app, None)
    with mock.patch.object(kind, 'produce_output', create=True) as printed:
        command.run(command.get_parser('x').parse_args(words))
    return printed.call_args.args[1:] if printed.called else None
