"""Commands that nobody waits for, or reads, to the end."""

import os
import signal

from tests.functional.client import client_case
from tests.functional.leases import leases_case

_CREATE = (
    *('openstack', 'baremetalcompute', 'lease', 'create', 'l'),
    *('--end', '2099-01-01 00:00', '--resource', leases_case.DUMMY, '--wait'),
)


def _make_unread():
    """A file whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    return open(writer, 'wb')


class CutShortTest(client_case.ClientCase):
    options = {'conductor__scan_interval': 0.1}

    def check_made(self, told):
        """What was told on stderr names the one lease, and shows no bug."""
        (made,) = self.member.get('/v1/leases').body['leases']
        self.assertIn(f'The new lease is {made["id"]}.\n', told)
        self.assertNotIn('Traceback', told)

    def test_an_interrupted_wait(self):
        # It waits for a start in the year 2098.
        words = (*_CREATE, '--start', '2098-01-01 00:00', '--timeout', '1e10')
        with self.start_command(words) as command:
            command.wait_for_output('The new lease is')
            command.send(signal.SIGINT)
            self.assertEqual(128 + signal.SIGINT, command.wait())
            self.check_made(command.read_output())

    def test_what_nobody_reads(self):
        with (
            _make_unread() as stdout,
            self.start_command(_CREATE, stdout=stdout) as command,
        ):
            # As of what the signal for it would have ended.
            self.assertEqual(128 + signal.SIGPIPE, command.wait())
            told = command.read_output()
        self.check_made(told)
        self.assertNotIn('BrokenPipe', told)

    def test_what_it_tells_on_the_way_and_nobody_reads(self):
        words = ('-f', 'value', '-c', 'id')
        with (
            _make_unread() as stderr,
            self.start_command((*_CREATE, *words), stderr=stderr) as command,
        ):
            self.assertEqual(0, command.wait())
            printed = command.read_output()
        (made,) = self.member.get('/v1/leases').body['leases']
        self.assertEqual((f'{made["id"]}\n', 'ACTIVE'), (printed, made['status']))
