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
from tests.fixtures import wait_until
from tests.functional.processes import processes

_EXAMPLES = Path(__file__).parents[2] / 'doc' / 'examples'
_BUILD = 'from setuptools import build_meta; print(build_meta.build_wheel("."))'


def install(example, folder):
    """Build an example's wheel and unpack it, which is to install it."""
    source = Path(folder, 'source')
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


class LeasePluginTest(testtools.TestCase):
    """The licences of doc/examples/lease-plugin."""

    def setUp(self):
        super().setUp()
        self.useFixture(base.FakeLogger())
        folder = self.useFixture(base.TempDir()).path
        self.licences = Path(folder, 'licences')
        self.licences.mkdir()
        config = processes.write_config(
            os.path.join(folder, 'mogan_like.conf'),
            {
                'api__auth_strategy': 'noauth',
                'software:licence__folder': self.licences,
                'software:licence__seats': 3,
            },
        )
        port = processes.find_port()
        self.url = f'http://127.0.0.1:{port}/v1'
        service = self.useFixture(
            processes.Process(
                'mogan-like',
                *('--config-file', config, '--port', str(port)),
                *('--state-dir', os.path.join(folder, 'state')),
                env={'PYTHONPATH': install('lease-plugin', folder)},
            )
        )
        service.wait_for_port(port)

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
        return [path.read_text() for path in self.licences.iterdir()]

    def test_seats_are_given_out_and_taken_back(self):
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
