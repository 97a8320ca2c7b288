"""Commands about flavors, nodes, keypairs and quotas, and what all commands share."""

import os

from tests import keys
from tests import personas
from tests.functional.client import client_case
from tests.processes import processes

_ADMIN = client_case.ADMIN


class InventoryTest(client_case.ClientCase):
    def test_flavors(self):
        words = ('flavor', 'create', 'big', '--resource-class', 'baremetal')
        made = self.read(*words, '--property', 'a=b', '--private', persona=_ADMIN)
        self.assertEqual(({'a': 'b'}, False), (made['properties'], made['is_public']))
        self.assertEqual([], self.read('flavor', 'list'))
        words = ('flavor', 'set', 'big', '--public', '--property', 'c=d')
        self.run_words(*words, '--description', 'x', persona=_ADMIN)
        shown = self.read('flavor', 'show', 'big')
        self.assertEqual(
            (made['id'], True, {'a': 'b', 'c': 'd'}, 'x'),
            tuple(
                shown[name] for name in ('id', 'is_public', 'properties', 'description')
            ),
        )
        self.assertIn("doesn't allow", self.refuse('flavor', 'delete', 'big'))
        self.run_words('flavor', 'delete', 'big', persona=_ADMIN)
        self.assertIn('no flavor big', self.refuse('flavor', 'show', 'big'))

    def test_nodes(self):
        rows = self.read(
            'node', 'list', '--resource-class', 'baremetal', persona=_ADMIN
        )
        self.assertIn('fake-0', [row['Name'] for row in rows])
        words = ('node', 'maintenance', 'set', 'fake-0', 'fake-1', '--reason', 'dust')
        self.run_words(*words, persona=_ADMIN)
        rows = self.read('node', 'list', '--maintenance', persona=_ADMIN)
        self.assertEqual({'fake-0', 'fake-1'}, {row['Name'] for row in rows})
        shown = self.read('node', 'show', 'fake-0', persona=_ADMIN)
        self.assertEqual('dust', shown['maintenance_reason'])
        words = ('node', 'maintenance', 'unset', 'fake-0', shown['id'], 'fake-1')
        self.run_words(*words, persona=_ADMIN)
        words = ('node', 'list', '--maintenance')
        self.assertEqual([], self.read(*words, persona=_ADMIN))
        self.assertIn("doesn't allow", self.refuse('node', 'list'))

    def test_keypairs(self):
        path = os.path.join(self.home, 'key.pub')
        with open(path, 'w', encoding='ascii') as file:
            file.write(f'{keys.PUBLIC} me\n')
        made = self.read('keypair', 'create', 'mine', '--public-key', path)
        self.assertNotIn('private_key', made)
        told = self.refuse('keypair', 'create', 'x', '--public-key', '/nowhere')
        self.assertIn('--public-key: /nowhere: No such file or directory.', told)
        made = self.read('keypair', 'create', 'theirs')
        self.assertIn('PRIVATE KEY', made['private_key'])
        rows = self.read('keypair', 'list')
        self.assertEqual(['mine', 'theirs'], [row['Name'] for row in rows])
        self.assertIn(keys.PUBLIC, self.read('keypair', 'show', 'mine')['public_key'])
        words = ('keypair', 'show', 'mine', '--user', personas.MEMBER.user_id)
        self.assertEqual('mine', self.read(*words, persona=_ADMIN)['name'])
        told = self.refuse('keypair', 'delete', 'mine', 'none', 'theirs')
        self.assertIn('1 of 3 failed:\nnone: ', told)
        self.assertEqual([], self.read('keypair', 'list'))

    def test_quotas(self):
        limits = {row['Resource']: row['Limit'] for row in self.read('limits', 'show')}
        self.assertIn('instances', limits)
        project = personas.PROJECT
        words = ('quota', 'set', '--project', project, 'instances=3')
        rows = self.read(*words, persona=_ADMIN)
        self.assertIn({'Resource': 'instances', 'Limit': 3}, rows)
        (row, *_) = self.read('quota', 'show', project)
        self.assertEqual(('instances', 3, 0), tuple(row.values()))
        rows = self.read('quota', 'set', '--default', 'keypairs=7', persona=_ADMIN)
        self.assertIn({'Resource': 'keypairs', 'Limit': 7}, rows)
        rows = self.read('quota', 'show', project, '--default')
        self.assertIn({'Resource': 'keypairs', 'Limit': 7}, rows)
        self.run_words('quota', 'unset', project, persona=_ADMIN)
        (row, *_) = self.read('quota', 'show', project)
        self.assertEqual(limits['instances'], row['Limit'])
        told = self.refuse('quota', 'set', '--default', 'a=1', persona=_ADMIN)
        self.assertIn('there is no resource a', told)


class SharedTest(client_case.ClientCase):
    def test_completion_lists_the_commands(self):
        printed = self.run_command(['openstack', 'complete'])
        lines = [line.strip() for line in printed.splitlines()]
        for words in (
            "cmds_baremetalcompute='action allocation flavor host instance keypair "
            "lease limits node protection quota'",
            'cmds_baremetalcompute_instance_action=',
            'cmds_baremetalcompute_protection_checkpoint=',
            'cmds_baremetalcompute_lease_create=',
        ):
            self.assertTrue(any(line.startswith(words) for line in lines), words)
        printed = self.run_words('lease', 'create', '--help')
        self.assertIn('lease resource show', printed)

    def test_where_the_user_is(self):
        made = self.service.make_instance(name='web')
        created = self.member.get(f'/v1/instances/{made}').body['created_at']
        shown = self.run_script('instance', 'show', 'web', '-c', 'created_at')
        # Five hours behind, all the year.
        self.assertIn('-05:00', shown)
        self.assertNotIn(created[:16].replace('T', ' '), shown)
        self.assertNotIn('Warning', shown)
        shown = self.run_script('instance', 'show', 'web', '--utc')
        self.assertIn(created[:19].replace('T', ' ') + '+00:00', shown)

    def run_script(self, *words):
        """As run_words, but as a script of its own, with a zone of its own."""
        environ = self.keystone.make_environ(personas.MEMBER)
        command = processes.Process(
            'openstack',
            'baremetalcompute',
            *words,
            cwd=self.home,
            env={'HOME': self.home, 'TZ': 'EST+5', **environ},
        )
        with command as done:
            self.assertEqual(0, done.wait())
            return done.read_output()

    def test_a_version_that_is_asked_for(self):
        made = self.service.make_instance(name='web')
        words = ['openstack', '--os-baremetal-compute-api-version']
        rest = ['baremetalcompute', 'instance', 'lock', 'show', made]
        self.assertIn('locked', self.run_command([*words, '1.4', *rest]))
        told = self.run_command([*words, '1.3', *rest], status=1)
        self.assertIn('HTTP 404', told)
        self.assertIn('This needs version 1.4 of the API, and 1.3 was asked', told)
        rest = ['baremetalcompute', 'instance', 'list', '--locked']
        told = self.run_command([*words, '1.1', *rest], status=1)
        self.assertIn('This needs version 1.2 of the API, and 1.1 was asked', told)
        told = self.run_command([*words, 'latest', *rest], status=1)
        self.assertIn('there is no version latest. 1 takes what is newest', told)
        told = self.run_command([*words, '1.99', *rest], status=1)
        self.assertIn('a maximum of 1.6', told)
