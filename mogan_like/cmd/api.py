"""mogan-like-api: the API tier alone, on the built-in web server."""

from mogan_like import rules
from mogan_like.cmd import start
from mogan_like.common import policy
from mogan_like.common import rpc


@start.explained()
def main(argv=None):
    """Serve until SIGTERM or SIGINT."""
    start.load(argv, 'The API tier alone, on the built-in web server.')
    # Late, for a quick --help.
    from mogan_like.api import app
    from mogan_like.cmd import server

    policy.setup(rules.list_rules())
    rpc.init()
    web = server.make_server(app.make_app())
    server.serve(web)
    rpc.cleanup()
