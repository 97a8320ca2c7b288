"""Play the stories against a running service, and show them.

What is sent is shown as the curl command that sends it, names and passwords being
$ADMIN and $DEMO, as the service's first words set them. Exits with 1 when the
service answers otherwise than it should.
"""

import argparse
import os
from pathlib import Path
import sys
import time

from client import PATIENCE
from client import Service
from client import UnexpectedError
import instances
import leases
import manila
import shares
import yaml

STORIES = (instances, leases)
_WITHOUT_MANILA = (
    'The running service was started without a Manila to play with. Stop it, and\n'
    'start it with "tools/run.sh demo" to be told this one.\n'
)


def play(service, manila, interval):
    """All stories, one after the other.

    :param manila: None when there is none
    :param interval: seconds between two runs of a schedule
    """
    print('(Answers are shown without links and without what is empty.)\n')
    for story in STORIES:
        print(f'== {story.__doc__}\n')
        story.play(service)
    print(f'== {shares.__doc__}\n')
    if manila is None:
        print(_WITHOUT_MANILA)
    else:
        shares.play(service, manila, interval)


def connect(args):
    """The Service, once it answers.

    :raises UnexpectedError: when it does not within PATIENCE seconds, has
        ended, or the passwords are not to be found
    """
    path = Path(args.state_dir, 'passwords.yaml')
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if args.pid and not alive(args.pid):
            raise UnexpectedError('the service has ended')
        try:
            accounts = yaml.safe_load(path.read_text())
            service = Service(f'http://{args.host}:{args.port}', accounts)
            # Nobody is told a password before it is clear who listens.
            if service.send(None, 'GET', '/').body['versions']:
                return service
        except (OSError, ValueError, LookupError, TypeError):
            time.sleep(0.05)
    raise UnexpectedError(f'no answer, or no passwords in {path}')


def alive(pid):
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main():
    """Play it; 0 when all went as the story says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--state-dir', default='var', help='of the service')
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', default=6688, type=int)
    parser.add_argument('--pid', type=int, help='give up when this process has ended')
    parser.add_argument(
        '--interval', default=5, type=int, help='seconds between runs of a schedule'
    )
    args = parser.parse_known_args()[0]
    # Each line at once, also into a file: the service's own words come between.
    sys.stdout.reconfigure(line_buffering=True)
    try:
        service = connect(args)
        found = manila.find(args.state_dir, service.accounts['demo'])
        play(service, found, args.interval)
    except (UnexpectedError, OSError, ValueError, LookupError) as error:
        print(f'The story ends here: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
