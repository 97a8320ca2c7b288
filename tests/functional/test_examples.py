"""The examples of plugins: built, installed, and used by the service."""

import datetime
import os
from pathlib import Path
import shutil
import subprocess
import sys
import zipfile

import fixtures as base
import requests
import testtools

from mogan_like.common import clock
from mogan_like.protection.plugins import noop
from tests import personas
from tests.fixtures import wait_until
from tests.processes import processes

_EXAMPLES = Path(__file__).parents[2] / 'doc' / 'examples'
_BUILD = 'from setuptools import build_meta; print(build_meta.build_wheel("."))'
_FOLDER = 'Example::Folder'
_ID = '5b0f5f8e-6a0b-4c59-8a3e-0c3f7b1a2d11'
_CHECKPOINTS = f'providers/{_ID}/checkpoints'
_PROVIDER = f"""[provider]
id = {_ID}
name = Folders
plugin = folder-copy
bank = filesystem

[folder-copy]
copies = {{copies}}
"""
#: What comes with the service, used as it is.
_NOOP = _EXAMPLES.parents[1] / 'etc/mogan_like/providers.d/noop.conf'
_NOOP_ID = 'b766f37c-d011-4026-8228-28730d734a3f'


def install(example, folder):
    """Build an example's wheel and unpack it, which is to install it."""
    source = Path(folder, example)
    shutil.copytree(_EXAMPLES / example, source)
    built = subprocess.run(
        [sys.executable, '-c', _BUILD],
        cwd=source,
        capture_output=True,
        text=True,
        check=True,
    )
    target = Path(folder, 'site-packages')
    with zipfile.ZipFile(source / built.stdout.split()[-1]) as wheel:
        wheel.extractall(target)
    return os.fspath(target)


class Installed(base.Fixture):
    """The service with all examples installed, for the tests of one class.

    :ivar url: of its API, whose users all have one project
    :ivar licences: the folder of those that are given out
    :ivar folders: of the one project
    :ivar copies: of them
    """

    def _setUp(self):
        self.useFixture(base.FakeLogger())
        folder = self.useFixture(base.TempDir()).path
        self.licences, self.copies = Path(folder, 'licences'), Path(folder, 'copies')
        self.folders = Path(folder, 'folders', personas.PROJECT)
        for path in (self.licences, self.folders, Path(folder, 'providers.d')):
            path.mkdir(parents=True)
        text = _PROVIDER.format(copies=self.copies)
        Path(folder, 'providers.d', 'folders.conf').write_text(text)
        shutil.copy(_NOOP, Path(folder, 'providers.d'))
        config = processes.write_config(
            os.path.join(folder, 'mogan_like.conf'),
            {
                'api__auth_strategy': 'noauth',
                'api__noauth_project_id': personas.PROJECT,
                'protection__providers_dir': Path(folder, 'providers.d'),
                'protection__bank_dir': Path(folder, 'bank'),
                'folders__root': self.folders.parent,
                'software:licence__folder': self.licences,
                'software:licence__seats': 3,
            },
        )
        port = processes.find_port()
        self.url = f'http://127.0.0.1:{port}/v1'
        for example in ('lease-plugin', 'protection-plugin'):
            found = install(example, folder)
        service = self.useFixture(
            processes.Process(
                'mogan-like',
                *('--config-file', config, '--port', str(port)),
                *('--state-dir', os.path.join(folder, 'state')),
                env={'PYTHONPATH': found},
            )
        )
        service.wait_for_port(port)


class PluginsTest(testtools.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = Installed()
        cls.addClassCleanup(cls.site.cleanUp)
        cls.site.setUp()
        cls.url = cls.site.url

    def ask(self, method, path, body=None):
        """The one thing that a success has."""
        answer = requests.request(method, f'{self.url}/{path}', json=body)
        self.assertEqual(200, answer.status_code, answer.text)
        found = answer.json()
        return next(iter(found.values())) if found else None

    def lease(self, seats):
        end = clock.utcnow() + datetime.timedelta(days=1)
        licence = {'resource_type': 'software:licence', 'seats': seats}
        return requests.post(
            f'{self.url}/leases',
            json={
                'name': 'licences',
                'start_date': 'now',
                'end_date': end.strftime('%Y-%m-%d %H:%M'),
                'reservations': [licence],
            },
        )

    def list_given_out(self):
        return [path.read_text() for path in self.site.licences.iterdir()]

    def test_seats_are_given_out_and_taken_back(self):
        """The licences of doc/examples/lease-plugin."""
        types = requests.get(f'{self.url}/plugins').json()['plugins']
        (mine,) = [t for t in types if t['resource_type'] == 'software:licence']
        self.assertEqual(['seats'], mine['schema']['required'])
        answer = self.lease(2)
        self.assertEqual(201, answer.status_code, answer.text)
        lease = answer.json()['lease']
        wait_until(lambda: self.list_given_out() == ['2'], 'licences to be given out')
        refused = self.lease(2)
        self.assertEqual(409, refused.status_code, refused.text)
        self.assertIn(f'from {lease["end_date"]} on', refused.json()['error_message'])
        self.assertEqual(400, self.lease('two').status_code)
        deleted = requests.delete(f'{self.url}/leases/{lease["id"]}')
        self.assertEqual(204, deleted.status_code, deleted.text)
        wait_until(lambda: self.list_given_out() == [], 'licences to be taken back')
        self.assertEqual(201, self.lease(3).status_code)

    def begin(self, path, noun, body, status):
        """A checkpoint or a run of one, when it has come to its end."""
        made = self.ask('POST', path, {noun: body})
        return wait_until(
            lambda: self.has_ended(f'{path}/{made["id"]}', status),
            f'the {noun} to be {status}',
        )

    def has_ended(self, path, status):
        found = self.ask('GET', path)
        self.assertNotIn(found['status'], {'error', 'fail', 'success'} - {status})
        return found['status'] == status and found

    def run_on(self, checkpoint, noun, status='success', **parameters):
        """What became of a restore or a verification."""
        (resource,) = checkpoint['protection_plan']['resources']
        body = {
            'provider_id': checkpoint['provider_id'],
            'checkpoint_id': checkpoint['id'],
            'parameters': {resource['type']: parameters},
        }
        return self.begin(f'{noun}s', noun, body, status)

    def make_plan(self, name, kind=_FOLDER, provider=_ID):
        resources = [{'id': name, 'type': kind}]
        body = {'name': name or 'n', 'provider_id': provider, 'resources': resources}
        return requests.post(f'{self.url}/plans', json={'plan': body})

    def test_a_folder_comes_back_from_its_copy(self):
        """The folders of doc/examples/protection-plugin."""
        mine = self.site.folders / 'mine'
        (mine / 'deep').mkdir(parents=True)
        (mine / 'deep' / 'file').write_bytes(b'precious\0bytes')
        for bad in ('nothing', '..', ''):
            self.assertEqual(400, self.make_plan(bad).status_code, bad)
        plan = self.make_plan('mine').json()['plan']
        body = {'plan_id': plan['id']}
        checkpoint = self.begin(_CHECKPOINTS, 'checkpoint', body, 'available')
        shutil.rmtree(mine)
        self.run_on(checkpoint, 'verification')
        self.run_on(checkpoint, 'restore', restore_name='again')
        found = self.site.folders / 'again' / 'deep' / 'file'
        self.assertEqual(b'precious\0bytes', found.read_bytes())
        refused = self.run_on(checkpoint, 'restore', 'fail', restore_name='again')
        self.assertIn('again', refused['fault'])
        self.assert_deleted(checkpoint)

    def test_nothing_is_protected_and_restored_all_the_same(self):
        """The providers of nothing, as they come with the service."""
        path = f'protectables/{noop.TYPE}/instances'
        (found,) = self.ask('GET', path)
        plan = self.make_plan(found['id'], noop.TYPE, _NOOP_ID).json()['plan']
        path = _CHECKPOINTS.replace(_ID, _NOOP_ID)
        body = {'plan_id': plan['id']}
        checkpoint = self.begin(path, 'checkpoint', body, 'available')
        self.run_on(checkpoint, 'verification')
        self.run_on(checkpoint, 'restore', restore_name='again')
        self.ask('DELETE', f'{path}/{checkpoint["id"]}')
        wait_until(lambda: not self.ask('GET', path), 'the checkpoint to be gone')

    def assert_deleted(self, checkpoint):
        """A delete leaves no copy, also of what was verified as broken."""
        (copy,) = self.site.copies.glob('*/*')
        shutil.rmtree(copy)
        broken = self.run_on(checkpoint, 'verification', 'fail')
        self.assertIn('The copy is not there', broken['fault'])
        path = f'{_CHECKPOINTS}/{checkpoint["id"]}'
        self.ask('DELETE', path)
        wait_until(
            lambda: requests.get(f'{self.url}/{path}').status_code == 404,
            'the checkpoint to be gone',
        )
        self.assertEqual([], list(self.site.copies.glob('*/*')))
