"""A bank of files, killed and raced."""

import os
from pathlib import Path
import signal
import subprocess
import sys
import threading
import time
from unittest import mock

import fixtures
import orjson
import testtools

from mogan_like.common import exception
from mogan_like.protection.banks import filesystem
from tests.plugins import bank

_WRITER = """
import itertools, sys
from mogan_like.protection.banks import filesystem
bank = filesystem.FilesystemBank({'path': sys.argv[1]})
print('ready', flush=True)
for n in itertools.count():
    bank.put('a/b/c', {'n': n, 'long': [n] * 50000})
    bank.put(f'a/{n % 7}/d', {'n': n})
    bank.delete(f'a/{(n + 3) % 7}/d')
"""


class FilesystemBankTest(bank.BankContract, testtools.TestCase):
    def setUp(self):
        self.path = Path(self.useFixture(fixtures.TempDir()).path, 'bank')
        super().setUp()

    def make_bank(self):
        return filesystem.FilesystemBank({'path': str(self.path)})

    def test_a_process_killed_while_writing_leaves_nothing_half(self):
        for moment in range(5):
            with subprocess.Popen(
                [sys.executable, '-c', _WRITER, str(self.path)], stdout=subprocess.PIPE
            ) as writer:
                writer.stdout.readline()
                time.sleep(0.02 + 0.037 * moment)
                writer.send_signal(signal.SIGKILL)
            for key in self.bank.list(''):
                document = self.bank.get(key)
                if 'long' in document:
                    self.assertEqual({document['n']}, set(document['long']))

    def test_a_kill_at_each_step_leaves_the_old_or_the_new(self):
        for step in ('write', 'fsync', 'replace'):
            with self.subTest(step):
                self.bank.put('a/b', {'value': 'old'})
                owner = filesystem.os if step != 'write' else filesystem
                name = step if step != 'write' else '_write'
                with mock.patch.object(owner, name, side_effect=SystemExit):
                    self.assertRaises(
                        SystemExit, self.bank.put, 'a/b', {'value': 'new'}
                    )
                self.assertEqual({'value': 'old'}, self.make_bank().get('a/b'))
                self.assertEqual(['a/b'], self.bank.list(''))

    def test_file_and_folder_are_on_the_disk_before_put_returns(self):
        done = []
        fsync, replace = os.fsync, os.replace

        def note_fsync(descriptor):
            done.append(Path(os.readlink(f'/proc/self/fd/{descriptor}')))
            fsync(descriptor)

        def note_replace(source, target):
            done.append('replace')
            replace(source, target)

        with (
            mock.patch.object(os, 'fsync', note_fsync),
            mock.patch.object(os, 'replace', note_replace),
        ):
            self.bank.put('a/b', {})
        renamed = done.index('replace')
        self.assertIn('unfinished', done[renamed - 2].parent.name)
        self.assertEqual(self.path / 'a', done[renamed + 1])
        # The names of new folders, too.
        self.assertIn(self.path, done)

    def test_a_full_disk_is_said_and_changes_nothing(self):
        self.bank.put('a/b', {'value': 'old'})
        full = OSError(28, 'No space left on device')
        with mock.patch.object(filesystem.os, 'fsync', side_effect=full):
            error = self.assertRaises(
                exception.BankFailed, self.bank.put, 'a/b', {'value': 'new'}
            )
        self.assertIn('No space left on device', str(error))
        self.assertNotIn(str(self.path), str(error))
        self.assertEqual({'value': 'old'}, self.bank.get('a/b'))
        self.assertEqual([], list((self.path / ',unfinished').iterdir()))

    def test_a_damaged_file_is_said(self):
        self.bank.put('a/b', {})
        (self.path / 'a/b').write_bytes(b'{"half":')
        error = self.assertRaises(exception.BankFailed, self.bank.get, 'a/b')
        self.assertIn('a/b is damaged', str(error))

    def test_leftovers_of_the_dead_go_and_those_of_the_living_stay(self):
        folder = self.path / ',unfinished'
        folder.mkdir(parents=True)
        (folder / 'old').touch()
        (folder / 'new').touch()
        os.utime(folder / 'old', (0, 0))
        self.assertEqual([], self.make_bank().list(''))
        self.assertEqual(['new'], [each.name for each in folder.iterdir()])

    def test_folders_that_are_emptied_while_they_are_written_to(self):
        failed = []

        def work(number):
            try:
                for _ in range(100):
                    self.bank.put(f'a/b/{number}', {})
                    self.bank.delete(f'a/b/{number}')
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], failed)
        self.assertEqual([], self.bank.list(''))
        self.assertEqual([',unfinished'], os.listdir(self.path))

    def test_a_page_reads_no_file_and_no_folder_that_it_needs_not(self):
        for day in range(1, 10):
            for hour in range(3):
                self.bank.put(f'by-date/2026-01-{day:02}/{hour}', {})
        scanned = []
        scandir = os.scandir

        def note(path):
            scanned.append(Path(path).name)
            return scandir(path)

        with (
            mock.patch.object(filesystem.os, 'scandir', note),
            mock.patch.object(Path, 'read_bytes', side_effect=AssertionError),
        ):
            page = self.bank.list('by-date/', marker='by-date/2026-01-04/2', limit=2)
        self.assertEqual(['by-date/2026-01-05/0', 'by-date/2026-01-05/1'], page)
        self.assertEqual(['by-date', '2026-01-04', '2026-01-05'], scanned)

    def test_only_an_absolute_path(self):
        self.assertRaises(
            exception.ConfigInvalid, filesystem.FilesystemBank, {'path': 'here'}
        )

    def test_it_is_shared_when_it_says_so(self):
        self.assertFalse(self.bank.is_shared)
        shared = filesystem.FilesystemBank({'path': str(self.path), 'shared': True})
        self.assertTrue(shared.is_shared)

    def test_others_may_not_read_it(self):
        self.bank.put('a/b', {})
        self.assertEqual(0o600, (self.path / 'a/b').stat().st_mode & 0o777)
        self.assertEqual(0o700, (self.path / 'a').stat().st_mode & 0o777)
        self.assertEqual({}, orjson.loads((self.path / 'a/b').read_bytes()))
