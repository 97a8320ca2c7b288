"""An emulated Glance and Manila that believe the tokens of a Keystone.

Prints ``ready`` when both answer, and serves until SIGTERM or SIGINT.
"""

import argparse
import contextlib
import pathlib
import signal
import threading

from tests.emulators import glance
from tests.emulators.manila import application
from tests.emulators.manila import identity
from tests.emulators.manila import server
from tests.emulators.manila import state

IMAGES = {
    'b8a5b6f0-6f0e-4f0b-9a3c-0d6f7c1f2e11': 'debian-12',
    'c1f1c5b5-0c3e-4b5f-9d9d-3f0a5f3d8e21': 'debian-13',
}
#: Seconds that a status of a share or snapshot lasts.
_SECONDS = 0.2


def main():
    """Serve both."""
    args = parse_args()
    pathlib.Path(args.directory).mkdir(exist_ok=True)
    options = make_options(args)
    # They wait for requests that run; a signal handler must not wait.
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with contextlib.ExitStack() as stack:
        for make in (make_manila, make_glance):
            serve(make(args, options), stack)
        print('ready', flush=True)
        stopping.wait()


def serve(web, stack):
    """Serve until the end of a block, however that comes."""
    thread = threading.Thread(target=web.serve)
    thread.start()
    stack.callback(thread.join)
    stack.callback(web.stop)


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
    """The server of a Glance with some images."""
    images = glance.Images(IMAGES, f'http://127.0.0.1:{args.glance_port}')
    protected = identity.put_keystone_before(images, options)
    return server.Server(protected, args.glance_port)


if __name__ == '__main__':
    main()
