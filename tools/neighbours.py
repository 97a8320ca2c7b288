"""An emulated Glance and Manila that believe the tokens of a Keystone.

Prints ``ready`` when both answer, and serves until SIGTERM or SIGINT.
"""

import argparse
import pathlib
import signal
import threading

from tests.emulators import glance
from tests.emulators.manila import application
from tests.emulators.manila import identity
from tests.emulators.manila import server
from tests.emulators.manila import state

#: Seconds that a status of a share or snapshot lasts.
_SECONDS = 0.2


def main():
    """Serve both."""
    args = parse_args()
    pathlib.Path(args.directory).mkdir(exist_ok=True)
    options = make_options(args)
    servers = [make_manila(args, options), make_glance(args, options)]
    # They wait for requests that run; a signal handler must not wait.
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    threads = [threading.Thread(target=web.serve) for web in servers]
    for thread in threads:
        thread.start()
    print('ready', flush=True)
    stopping.wait()
    for web in servers:
        web.stop()
    for thread in threads:
        thread.join()


def parse_args():
    """Where they are, and who says whose tokens are good."""
    parser = argparse.ArgumentParser(prog='neighbours', description=__doc__)
    parser.add_argument('--keystone', required=True, help='its URL, with the version')
    parser.add_argument('--password', required=True, help="of Keystone's users")
    parser.add_argument('--glance-port', type=int, required=True)
    parser.add_argument('--manila-port', type=int, required=True)
    parser.add_argument('--directory', required=True, help='for the bytes of shares')
    return parser.parse_args()


def make_options(args):
    """The options of ``[keystone_authtoken]``."""
    return {
        'auth_type': 'password',
        'auth_url': args.keystone,
        'www_authenticate_uri': args.keystone,
        'username': 'mogan',
        'password': args.password,
        'user_domain_id': 'default',
        'project_name': 'service',
        'project_domain_id': 'default',
    }


def make_manila(args, options):
    """The server of an empty Manila."""
    knows = state.State(args.directory)
    knows.switches.stay('*', seconds=_SECONDS)
    return server.Server(
        application.Application(knows, keystone=options), args.manila_port
    )


def make_glance(args, options):
    """The server of a Glance with one image."""
    protected = identity.put_keystone_before(glance.Application(), options)
    return server.Server(protected, args.glance_port)


if __name__ == '__main__':
    main()
