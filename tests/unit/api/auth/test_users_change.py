"""The users file: a change is noticed, and what it breaks is not served."""

import os
import resource
import threading

from mogan_like.api.auth import users
from mogan_like.common import exception
from tests.unit.api.auth import test_users

GOOD = test_users.GOOD


class ChangeTestCase(test_users.UsersTestCase):
    """The file while the service runs."""

    def setUp(self):
        super().setUp()
        self.write_users(GOOD)

    def test_not_read_again_without_need(self):
        users_file = self.settle()
        before = users_file.current()
        for _ in range(10):
            self.assertIs(before, users_file.current())

    def test_read_again_while_another_change_could_look_the_same(self):
        def is_read_again():
            self.write_users(GOOD)
            users_file = users.UserFile(self.path)
            return users_file.current() is not users_file.current()

        self.wait_for(is_read_again)

    def test_replaced(self):
        users_file = self.settle()
        self.write_users(GOOD | {'name': 'bob'})
        self.assertEqual({'bob'}, set(users_file.current()))

    def test_edited_in_place(self):
        users_file = self.settle()
        with open(self.path) as source:
            text = source.read()
        self.write(text.replace('ann', 'bob'))
        self.assertEqual({'bob'}, set(users_file.current()))

    def test_edited_with_its_old_time_put_back(self):
        users_file = self.settle()
        was = os.stat(self.path)
        with open(self.path) as source:
            text = source.read()
        self.write(text.replace('ann', 'bob'))
        os.utime(self.path, ns=(was.st_atime_ns, was.st_mtime_ns))
        self.assertEqual({'bob'}, set(users_file.current()))

    def test_edited_many_times_in_a_moment(self):
        users_file = users.UserFile(self.path)
        for number in range(200):
            self.write_users(GOOD | {'name': f'{number:03}'})
            self.assertEqual({f'{number:03}'}, set(users_file.current()))

    def test_edited_in_place_many_times_in_a_moment(self):
        with open(self.path) as source:
            text = source.read()
        users_file = users.UserFile(self.path)
        for number in range(200):
            self.write(text.replace('ann', f'n{number:02x}'))
            self.assertEqual({f'n{number:02x}'}, set(users_file.current()))

    def assert_nobody(self, users_file):
        with self.assertRaises(exception.ServiceUnavailable) as raised:
            users_file.current()
        self.assertNotIn(self.path, str(raised.exception))

    def test_deleted_and_back(self):
        users_file = self.settle()
        os.unlink(self.path)
        self.assert_nobody(users_file)
        self.assert_nobody(users_file)
        self.write_users(GOOD)
        self.assertEqual({'ann'}, set(users_file.current()))

    def test_no_file_descriptor_left_for_a_moment(self):
        users_file = self.settle()
        self.write_users(GOOD | {'name': 'bob'})
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
        try:
            self.assert_nobody(users_file)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        self.assertEqual({'bob'}, set(users_file.current()))

    def test_broken_and_right_again(self):
        users_file = self.settle()
        self.write('users: [')
        self.assert_nobody(users_file)
        self.write_users(GOOD)
        self.assertEqual({'ann'}, set(users_file.current()))

    def test_one_line_in_the_log_for_one_problem(self):
        users_file = self.settle()
        os.unlink(self.path)
        for _ in range(5):
            self.assert_nobody(users_file)
        self.assertEqual(1, self.log.output.count('Nobody gets in'))

    def test_everybody_may_write_it_suddenly(self):
        users_file = self.settle()
        os.chmod(self.path, 0o666)
        self.assert_nobody(users_file)
        os.chmod(self.path, 0o600)
        self.assertEqual({'ann'}, set(users_file.current()))

    def test_replaced_while_many_read(self):
        users_file = users.UserFile(self.path)
        problems = []
        done = threading.Event()

        def read():
            while not done.is_set():
                try:
                    known = users_file.current()
                    if set(known) not in ({'ann', 'bob'}, {'ann', 'zoe'}, {'ann'}):
                        problems.append(set(known))
                except Exception as error:
                    problems.append(error)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(60):
            self.write_users(GOOD, GOOD | {'name': 'bob' if number % 2 else 'zoe'})
        done.set()
        for thread in threads:
            thread.join()
        self.assertEqual([], problems)
        self.assertEqual({'ann', 'bob'}, set(users_file.current()))
