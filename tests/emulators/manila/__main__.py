"""Run it: python -m tests.emulators.manila --port 8786 --directory /tmp/shares."""

import argparse
import signal
import threading

from tests.emulators.manila import application
from tests.emulators.manila import server
from tests.emulators.manila import state


def main():
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog='manila', description=__doc__)
    parser.add_argument('--port', type=int, default=0, help='0 for a free one')
    parser.add_argument('--directory', required=True, help='that has the bytes')
    parser.add_argument(
        '--seconds', type=float, default=1, help='how long a status lasts'
    )
    args = parser.parse_args()
    knows = state.State(args.directory)
    knows.switches.stay('*', seconds=args.seconds)
    web = server.Server(application.Application(knows), args.port)
    # It waits for requests that run; a signal handler must not wait.
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    serving = threading.Thread(target=web.serve)
    serving.start()
    print(f'manila: answers at {web.url}', flush=True)
    stopping.wait()
    web.stop()
    serving.join()


if __name__ == '__main__':
    main()
