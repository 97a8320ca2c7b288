"""Generated users: made once, whoever asks, however often, whatever breaks."""

import os
import signal
import stat
import subprocess
import sys
import threading

from keystoneauth1 import loading
from keystoneauth1 import session
import yaml

from mogan_like.api.auth import credentials
from mogan_like.api.auth import users
from mogan_like.common import exception
from tests.unit.api.auth import auth_case

URL = 'http://127.0.0.1:6688'
FILES = {'users.yaml', 'passwords.yaml', 'clouds.yaml', 'credentials.sh'}


class CredentialsTestCase(auth_case.AuthTestCase):
    """A directory that is not there yet."""

    strategy = 'http_basic'

    def setUp(self):
        super().setUp()
        self.directory = os.path.join(self.make_directory(), 'var', 'auth')

    def create(self):
        return credentials.create(self.directory, URL)

    def read(self, name):
        with open(os.path.join(self.directory, name)) as source:
            return source.read()

    def read_all(self):
        return {name: self.read(name) for name in FILES}

    def list_files(self):
        return {
            name for name in os.listdir(self.directory) if name != '.credentials.lock'
        }

    def assert_get_in(self, made):
        self.config.config(group='api', http_basic_user_file=made.users_file)
        app = self.wrap()
        for name, password in made.passwords.items():
            answer = self.ask(app, HTTP_AUTHORIZATION=auth_case.basic(name, password))
            self.assertEqual(200, answer.status)


class CreateTestCase(CredentialsTestCase):
    def test_they_get_in(self):
        made = self.create()
        self.assertTrue(made.created)
        self.assertEqual({'admin', 'demo'}, set(made.passwords))
        self.assert_get_in(made)
        admin, demo = self.app.environs
        self.assertEqual('admin,manager,member,reader', admin['HTTP_X_ROLES'])
        self.assertEqual('member,reader', demo['HTTP_X_ROLES'])
        for environ, project in ((admin, 'admin'), (demo, 'demo')):
            self.assertEqual(project, environ['HTTP_X_PROJECT_NAME'])
            for name in ('HTTP_X_USER_ID', 'HTTP_X_PROJECT_ID'):
                self.assertRegex(environ[name], '^[0-9a-f]{32}$')
        ids = {
            environ[name]
            for environ in (admin, demo)
            for name in ('HTTP_X_USER_ID', 'HTTP_X_PROJECT_ID')
        }
        self.assertEqual(4, len(ids))

    def test_passwords(self):
        made = self.create()
        for password in made.passwords.values():
            # 128 bits.
            self.assertRegex(password, '^[0-9a-f]{32}$')
            self.assertNotIn(password, self.read('users.yaml'))
            self.assertNotIn(password, repr(made))
            self.assertNotIn(password, self.log.output)
        self.assertEqual(2, len(set(made.passwords.values())))
        other = credentials.create(self.make_directory(), URL)
        self.assertFalse(set(made.passwords.values()) & set(other.passwords.values()))

    def test_cost(self):
        known = users.UserFile(self.create().users_file).current()
        self.assertEqual({5}, {user.cost for user in known.values()})

    def test_only_for_their_owner(self):
        was = os.umask(0)
        try:
            self.create()
        finally:
            os.umask(was)
        for name in os.listdir(self.directory):
            status = os.stat(os.path.join(self.directory, name))
            self.assertEqual(0o600, stat.S_IMODE(status.st_mode), name)
        self.assertEqual(0o700, stat.S_IMODE(os.stat(self.directory).st_mode))
        self.assertEqual(FILES, self.list_files())

    def test_the_passwords_can_be_read_by_people(self):
        made = self.create()
        text = yaml.safe_load(self.read('passwords.yaml'))
        self.assertEqual(
            made.passwords, {name: one['password'] for name, one in text.items()}
        )

    def test_clouds_yaml_is_what_keystoneauth_takes(self):
        made = self.create()
        clouds = yaml.safe_load(self.read('clouds.yaml'))['clouds']
        self.assertEqual({'admin', 'demo'}, set(clouds))
        for name, cloud in clouds.items():
            loader = loading.get_plugin_loader(cloud['auth_type'])
            plugin = loader.load_from_options(**cloud['auth'])
            connection = session.Session(auth=plugin)
            self.assertEqual(URL, connection.get_endpoint())
            self.assertEqual(
                auth_case.basic(name, made.passwords[name]),
                connection.get_auth_headers()['Authorization'],
            )
            self.assertEqual(f'{URL}/v1', cloud['baremetal_compute_endpoint_override'])


class AgainTestCase(CredentialsTestCase):
    """Called again, and after what people and crashes do to files."""

    def test_nothing_changes(self):
        first = self.create()
        files = self.read_all()
        again = self.create()
        self.assertFalse(again.created)
        self.assertEqual(first.passwords, again.passwords)
        self.assertEqual(files, self.read_all())

    def test_what_people_changed_stays(self):
        first = self.create()
        for name in ('users.yaml', 'clouds.yaml'):
            with open(os.path.join(self.directory, name), 'a') as target:
                target.write('# mine\n')
        files = self.read_all()
        self.create()
        self.assertEqual(files, self.read_all())
        self.assert_get_in(first)

    def change_clouds(self, before, after):
        path = os.path.join(self.directory, 'clouds.yaml')
        with open(path, 'r+') as file:
            text = file.read().replace(before, after)
            file.seek(0)
            file.write(text + '# mine\n')

    def test_clouds_yaml_follows_to_another_port(self):
        first = self.create()
        os.unlink(first.passwords_file)
        self.change_clouds('nothing', '')
        before = self.read('clouds.yaml')
        credentials.create(self.directory, 'http://127.0.0.1:7799/')
        after = self.read('clouds.yaml')
        self.assertEqual(before.replace(URL, 'http://127.0.0.1:7799'), after)
        self.assertIn('# mine', after)
        self.create()
        self.assertEqual(before, self.read('clouds.yaml'))

    def test_address_that_somebody_set_stays(self):
        self.create()
        self.change_clouds(URL, 'https://cloud.example/metal')
        before = self.read('clouds.yaml')
        self.create()
        self.assertEqual(before, self.read('clouds.yaml'))

    def test_clouds_yaml_that_is_another_stays(self):
        self.create()
        for text in ('', '- a list', 'clouds: {mine: {}}', '{broken', 'clouds: 1'):
            with open(os.path.join(self.directory, 'clouds.yaml'), 'w') as target:
                target.write(text)
            credentials.create(self.directory, 'http://127.0.0.1:7799')
            self.assertEqual(text, self.read('clouds.yaml'))

    def test_the_passwords_were_noted_and_deleted(self):
        first = self.create()
        os.unlink(first.passwords_file)
        again = self.create()
        self.assertEqual(({}, False), (again.passwords, again.created))
        self.assertEqual(FILES - {'passwords.yaml'}, self.list_files())
        self.assert_get_in(first)

    def test_a_shell_reads_what_curl_takes(self):
        made = self.create()
        command = f'. {made.shell_file} && echo $ADMIN $DEMO'
        said = subprocess.run(['sh', '-c', command], capture_output=True, text=True)
        expected = [f'{name}:{word}' for name, word in made.passwords.items()]
        self.assertEqual(expected, said.stdout.split())

    def test_users_or_clouds_deleted(self):
        first = self.create()
        known = users.UserFile(first.users_file).current()
        for name in ('users.yaml', 'clouds.yaml'):
            os.unlink(os.path.join(self.directory, name))
            again = self.create()
            self.assertEqual(first.passwords, again.passwords)
            self.assertEqual(FILES, self.list_files())
            self.assert_get_in(again)
        # The same people in the same projects.
        for name, user in users.UserFile(first.users_file).current().items():
            self.assertEqual(known[name].environ, user.environ)

    def test_a_file_of_passwords_that_is_none(self):
        self.create()
        path = os.path.join(self.directory, 'passwords.yaml')
        entry = '{user_id: u, project_id: p, password: %s}'
        for text in (
            '',
            'x',
            '[1]',
            'admin: {}',
            'admin: [',
            '{admin: 1, demo: 2}',
            *(
                f'admin: {entry % word}\ndemo: {entry % word}'
                for word in ('null', '7', '""', 'x' * 73)
            ),
        ):
            with open(path, 'w') as target:
                target.write(text)
            with self.assertRaisesRegex(exception.ConfigInvalid, 'passwords.yaml'):
                self.create()
            self.assertEqual(text, self.read('passwords.yaml'))

    def test_left_overs_of_a_killed_one(self):
        os.makedirs(self.directory)
        for name in FILES:
            path = os.path.join(self.directory, f'{name}.new')
            with open(path, 'w') as target:
                target.write('half a fi')
        self.assert_get_in(self.create())
        self.assertEqual(FILES, self.list_files())

    def test_a_link_that_waits_for_us(self):
        os.makedirs(self.directory)
        victim = os.path.join(self.make_directory(), 'victim')
        with open(victim, 'w') as target:
            target.write('precious')
        for name in FILES:
            os.symlink(victim, os.path.join(self.directory, f'{name}.new'))
        self.assert_get_in(self.create())
        with open(victim) as source:
            self.assertEqual('precious', source.read())

    def test_a_directory_that_cannot_be_made(self):
        with open(os.path.dirname(os.path.dirname(self.directory)) + '/var', 'w'):
            pass
        with self.assertRaisesRegex(exception.ConfigInvalid, self.directory):
            self.create()


class AtOnceTestCase(CredentialsTestCase):
    """Several makers, and one that is killed."""

    def test_threads(self):
        made = []
        start = threading.Barrier(8)

        def work():
            start.wait()
            made.append(self.create())

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(8, len(made))
        self.assertEqual(1, len({str(one.passwords) for one in made}))
        self.assertEqual(1, sum(one.created for one in made))
        self.assert_get_in(made[0])

    def spawn(self, before=''):
        """A process that makes them, and may do something else first."""
        return subprocess.Popen(
            [
                sys.executable,
                '-c',
                (
                    'import os, signal, sys\n'
                    'from mogan_like.api.auth import credentials\n'
                    f'{before}\n'
                    'made = credentials.create(*sys.argv[1:])\n'
                    'print(made.passwords["admin"], made.created)'
                ),
                self.directory,
                URL,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )

    def test_processes(self):
        running = [self.spawn() for _ in range(3)]
        answers = [process.communicate()[0].split() for process in running]
        self.assertEqual(1, len({password for password, _ in answers}))
        self.assertEqual(
            ['False', 'False', 'True'], sorted(created for _, created in answers)
        )
        self.assert_get_in(self.create())

    def test_killed_at_every_step(self):
        # Before and after each call that changes a file's name or content.
        steps = [
            (call, number, when)
            for call in ('fsync', 'rename')
            for number in (1, 2, 3, 4)
            for when in ('before', 'after')
        ]
        for call, number, when in steps:
            with self.subTest(call=call, number=number, when=when):
                self.directory = os.path.join(self.make_directory(), 'var')
                process = self.spawn(
                    f'real, seen = os.{call}, []\n'
                    'def die(*args):\n'
                    '    seen.append(args)\n'
                    f'    if {when == "after"}: real(*args)\n'
                    f'    if len(seen) == {number}:\n'
                    '        os.kill(os.getpid(), signal.SIGKILL)\n'
                    f'    if {when == "before"}: real(*args)\n'
                    f'os.{call} = die'
                )
                process.communicate()
                self.assertEqual(-signal.SIGKILL, process.returncode)
                made = self.create()
                self.assertEqual(FILES, self.list_files())
                self.assertEqual({'admin', 'demo'}, set(made.passwords))
                self.assert_get_in(made)
                self.assertEqual(made.passwords, self.create().passwords)
