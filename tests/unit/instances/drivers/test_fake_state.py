"""The fake's documents: copies, at once, by several threads."""

import os
import stat
import threading
import unittest

import fixtures

from mogan_like.instances.drivers import fake_state


class StateTests:
    def test_documents_are_copies(self):
        document = {'list': [1]}
        with self.state.lock():
            self.state.write('nodes/one', document)
            document['list'].append(2)
            self.state.read('nodes/one')['list'].append(3)
            self.assertEqual({'list': [1]}, self.state.read('nodes/one'))

    def test_what_is_not_there(self):
        with self.state.lock():
            self.assertIsNone(self.state.read('nodes/one'))
            self.state.remove('nodes/one')
            self.state.write('nodes/one', {})
            self.state.remove('nodes/one')
            self.assertIsNone(self.state.read('nodes/one'))
        self.assertEqual([], self.state.journal())

    def test_the_journal_keeps_the_order(self):
        for number in range(3):
            self.state.note({'number': number})
        self.assertEqual([0, 1, 2], [entry['number'] for entry in self.state.journal()])

    def test_threads_exclude_each_other(self):
        def count():
            for _ in range(20):
                with self.state.lock():
                    number = (self.state.read('count') or {'n': 0})['n']
                    # Time for the others to come in between, if they could.
                    threading.Event().wait(0.0001)
                    self.state.write('count', {'n': number + 1})

        threads = [threading.Thread(target=count) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        with self.state.lock():
            self.assertEqual({'n': 80}, self.state.read('count'))

    def test_an_error_gives_the_lock_back(self):
        with self.assertRaises(ZeroDivisionError), self.state.lock():
            _ = 1 / 0
        with self.state.lock():
            self.assertIsNone(self.state.read('count'))


class TestMemoryState(StateTests, unittest.TestCase):
    def setUp(self):
        self.state = fake_state.MemoryState()

    def test_the_journal_is_bounded(self):
        for number in range(10001):
            self.state.note({'number': number})
        self.assertEqual(10000, len(self.state.journal()))


class TestDirectoryState(StateTests, fixtures.TestWithFixtures, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.path = self.useFixture(fixtures.TempDir()).join('new', 'state')
        self.state = fake_state.DirectoryState(self.path)

    def test_only_the_owner_reads(self):
        self.addCleanup(os.umask, os.umask(0))
        self.state.note({})
        with self.state.lock():
            self.state.write('nodes/one', {'user_data': 'secret'})
        for folder, _folders, files in os.walk(self.path):
            self.assertEqual(0o700, stat.S_IMODE(os.stat(folder).st_mode))
            for name in files:
                mode = os.stat(os.path.join(folder, name)).st_mode
                self.assertEqual(0o600, stat.S_IMODE(mode), name)

    def test_what_a_killed_writer_left_is_no_document(self):
        with self.state.lock():
            self.state.write('nodes/one', {'n': 1})
            with open(os.path.join(self.path, 'nodes/one.new'), 'w') as file:
                file.write('{"n": 2, "and much more than fits": ')
            self.assertEqual({'n': 1}, self.state.read('nodes/one'))
            self.state.write('nodes/one', {'n': 3})
            self.assertEqual({'n': 3}, self.state.read('nodes/one'))

    def test_a_line_half_written_is_left_out(self):
        self.state.note({'n': 1})
        with open(os.path.join(self.path, 'journal'), 'a') as file:
            file.write('{"n": ')
        self.assertEqual([{'n': 1}], self.state.journal())
