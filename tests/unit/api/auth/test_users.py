"""The users file: what is accepted at the start."""

import os

from mogan_like.api.auth import users
from mogan_like.common import exception
from tests.unit.api.auth import auth_case

HASH = '$2b$05$' + 'a' * 53
GOOD = {
    'name': 'ann',
    'password_hash': HASH,
    'user_id': 'u',
    'project_id': 'p',
    'roles': ['reader'],
}


class UsersTestCase(auth_case.AuthTestCase):
    """A users file of its own."""

    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.make_directory(), 'users.yaml')

    def write(self, text, mode=0o600):
        with open(self.path, 'w') as target:
            target.write(text)
        os.chmod(self.path, mode)

    def write_users(self, *entries):
        auth_case.write_users(self.path, *entries)

    def settle(self):
        """Make the file old, so that only a real change is one."""
        users_file = users.UserFile(self.path)
        self.wait_for(lambda: users_file.current() is users_file.current())
        return users_file


class StartTestCase(UsersTestCase):
    """What stops the start."""

    def assert_wrong(self, pattern):
        with self.assertRaisesRegex(exception.ConfigInvalid, pattern) as raised:
            users.UserFile(self.path)
        self.assertIn(self.path, str(raised.exception))
        self.assertIn('http_basic_user_file', str(raised.exception))
        return str(raised.exception)

    def test_good(self):
        self.write_users(GOOD, GOOD | {'name': 'bob', 'project_name': 'blue'})
        known = users.UserFile(self.path).current()
        self.assertEqual({'ann', 'bob'}, set(known))
        self.assertEqual(HASH, known['ann'].password_hash)
        self.assertEqual(5, known['ann'].cost)
        self.assertEqual('p', known['ann'].environ['HTTP_X_PROJECT_NAME'])
        self.assertEqual('blue', known['bob'].environ['HTTP_X_PROJECT_NAME'])

    def test_missing(self):
        self.assert_wrong('No such file')

    def test_a_directory(self):
        os.mkdir(self.path)
        self.assert_wrong('regular file|directory')

    def test_a_named_pipe_does_not_hang_the_start(self):
        os.mkfifo(self.path)
        self.assert_wrong('regular file')

    def test_writable_by_everybody(self):
        self.write_users(GOOD)
        os.chmod(self.path, 0o602)
        self.assert_wrong('chmod 600')

    def test_readable_by_everybody_is_a_warning(self):
        self.write_users(GOOD)
        os.chmod(self.path, 0o644)
        users.UserFile(self.path).current()
        self.assertIn('can read', self.log.output)

    def test_too_large(self):
        self.write('#' * (1 << 20) + '\n')
        self.assert_wrong('larger')

    def test_not_yaml(self):
        self.write('users: [\n- {name: ann, password_hash: $2b$05$secretsecret\n: : :')
        self.assertNotIn('secretsecret', self.assert_wrong('not YAML'))

    def test_not_utf8(self):
        with open(self.path, 'wb') as target:
            target.write(b'users: \xff\xfe')
        self.assert_wrong('not YAML')

    def test_nested_without_end(self):
        self.write('[' * 5000)
        self.assert_wrong('not YAML')

    def test_no_objects_are_made(self):
        self.write('users: !!python/object/apply:os.system ["true"]')
        self.assert_wrong('not YAML')

    def test_wrong_shapes(self):
        for text in (
            '',
            '[]',
            'users',
            'users: []',
            'users: {}',
            'users:',
            'users: ann',
            'other: []',
            'users: [1]\nmore: 2',
        ):
            with self.subTest(text=text):
                self.write(text)
                self.assert_wrong('users')

    def test_wrong_entries(self):
        long = 'x' * 256
        for change, pattern in (
            ({'name': ''}, 'name'),
            ({'name': 'a:b'}, 'colon'),
            ({'name': long}, 'name'),
            ({'name': 7}, 'quotes'),
            ({'name': 'a\nb'}, 'name'),
            ({'name': ' a'}, 'name'),
            ({'name': None}, 'name'),
            ({'user_id': 12}, 'quotes'),
            ({'user_id': 'a\x00b'}, 'user_id'),
            ({'project_id': []}, 'project_id'),
            ({'project_name': ''}, 'project_name'),
            ({'roles': 'admin'}, 'roles'),
            ({'roles': {'admin': 1}}, 'roles'),
            ({'roles': ['reader,admin']}, 'role'),
            ({'roles': [1]}, 'role'),
            ({'roles': None}, 'roles'),
            ({'password_hash': 'plain'}, 'bcrypt'),
            ({'password_hash': '$apr1$abc$def'}, 'bcrypt'),
            ({'password_hash': HASH + 'a'}, 'bcrypt'),
            ({'password_hash': None}, 'bcrypt'),
            ({'password_hash': HASH.replace('05', '31')}, 'cost 31'),
            ({'password_hash': HASH.replace('05', '03')}, 'cost 03'),
            ({'pasword': 'x'}, 'unknown pasword'),
        ):
            with self.subTest(change=change):
                self.write_users(GOOD | {'name': 'zoe'}, GOOD | change)
                self.assert_wrong(pattern)

    def test_what_is_missing_is_named(self):
        for key in GOOD:
            entry = dict(GOOD)
            del entry[key]
            self.write_users(entry)
            self.assert_wrong(f'entry 1 of "users" lacks {key}')

    def test_a_name_twice(self):
        self.write_users(GOOD, GOOD)
        self.assert_wrong('twice')

    def test_a_message_never_holds_a_hash(self):
        secret = '$2b$31$' + 's' * 53
        self.write_users(GOOD | {'password_hash': secret})
        self.assertNotIn('sss', self.assert_wrong('cost'))

    def test_no_roles_and_other_alphabets(self):
        self.write_users(GOOD | {'name': 'Änne Ω', 'roles': []})
        known = users.UserFile(self.path).current()
        self.assertEqual('', known['Änne Ω'].environ['HTTP_X_ROLES'])

    def test_hashes_do_not_show(self):
        self.write_users(GOOD)
        self.assertNotIn(HASH, repr(users.UserFile(self.path).current()))
