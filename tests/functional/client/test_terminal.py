"""What a wait tells on a terminal, and nowhere else."""

import contextlib
import fcntl
import json
import os
import pty
import struct
import termios
import threading

from tests.functional import clients
from tests.functional.client import client_case
from tests.functional.protection import protection_case
from tests.waiting import wait_until

_COLUMNS = 60


class _Terminal:
    """A terminal, to be entered.

    :ivar file: what a command writes to
    """

    def __enter__(self):
        self._own, theirs = pty.openpty()
        size = struct.pack('HHHH', 24, _COLUMNS, 0, 0)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
        self.file = open(theirs, 'wb')
        self._written = b''
        self._thread = threading.Thread(target=self._keep)
        self._thread.start()
        return self

    def __exit__(self, *exc):
        self.file.close()
        self._thread.join()
        os.close(self._own)

    def wait_for(self, text):
        """Wait until it was written; all that was until then."""
        wait_until(lambda: text in self._written.decode(), f'{text!r} on the terminal')

    def read(self):
        """What was written, when all who write have closed it."""
        self.file.close()
        self._thread.join()
        return self._written.decode()

    def _keep(self):
        # EIO says that nobody has it open for writing any more.
        with contextlib.suppress(OSError):
            while part := os.read(self._own, 4096):
                self._written += part


class TerminalTest(
    client_case.CommandsMixin, clients.ClientsMixin, protection_case.ProtectionCase
):
    def setUp(self):
        super().setUp()
        self.make_plan(name='nightly')
        words = ('openstack', 'baremetalcompute', 'protection', 'checkpoint', 'create')
        self.command = (*words, 'nightly', '--wait', '-f', 'json')

    def test_a_line_that_goes_on_and_is_gone_at_the_end(self):
        switches = self.site.manila.switches
        switches.stay('snapshot.creating')
        with (
            _Terminal() as terminal,
            self.start_command(self.command, stderr=terminal.file) as started,
        ):
            terminal.wait_for('is prot')
            switches.clear()
            self.assertEqual(0, started.wait())
            # What a program reads is nothing but that.
            made = json.loads(started.read_output())
            told = terminal.read()
        self.assertEqual('available', made['status'])
        _, _, rest = told.partition(f'The new checkpoint is {made["id"]}.\r\n')
        first, *lines, last = rest.split('\r\033[K')
        self.assertEqual(('', ''), (first, last))
        whole = f'checkpoint ({made["id"]}) is protecting (0 s)'
        self.assertEqual(whole[: _COLUMNS - 1], lines[0])

    def test_none_where_nobody_looks(self):
        printed = self.run_command(self.command)
        self.assertIn('The new checkpoint is ', printed)
        self.assertNotIn('\033', printed)
        self.assertNotIn(' is protecting', printed)
