"""No process of this service loads eventlet, wherever that is installed."""

import os
import subprocess
import sys

import fixtures as base
import requests

from tests.processes import embedded
from tests.processes import processes
from tests.processes import site
from tests.processes import site_case

_SHIM = """\
import os, sys
with open(os.environ['EVENTLET_LOADED'], 'a', encoding='utf-8') as file:
    print(sys.argv, file=file)
"""
_BREAK = "raise RuntimeError('eventlet was loaded')\n"

_LOAD_ALL = """\
import pkgutil, sys
import mogan_like
skipped = ('mogan_like.wsgi.', 'mogan_like.db.migrations.')
for module in pkgutil.walk_packages(mogan_like.__path__, 'mogan_like.'):
    if not module.name.startswith(skipped):
        __import__(module.name)
from mogan_like.common import rpc
rpc.set_rabbit_defaults()
from oslo_messaging._drivers import impl_rabbit
from oslo_service import backend
print(backend.get_backend_type().name, sys.modules['eventlet'],
      [name for name in sys.modules if name.startswith('eventlet.')])
"""


class Eventlet(base.Fixture):
    """An eventlet that comes first in the path, and notes who loads it.

    :ivar environment: of a process that finds it
    """

    def __init__(self, breaks):
        self._breaks = breaks

    def _setUp(self):
        folder = self.useFixture(base.TempDir())
        os.mkdir(folder.join('eventlet'))
        with open(folder.join('eventlet', '__init__.py'), 'w') as file:
            file.write(_SHIM + (_BREAK if self._breaks else ''))
        self._note = folder.join('loaded')
        path = [folder.path, *filter(None, [os.environ.get('PYTHONPATH')])]
        self.environment = {
            'PYTHONPATH': os.pathsep.join(path),
            'EVENTLET_LOADED': self._note,
        }

    def read(self):
        """Who has loaded it; empty when nobody has."""
        if not os.path.exists(self._note):
            return ''
        with open(self._note, encoding='utf-8') as file:
            return file.read()


class EventletTest(site_case.SiteCase):
    def run_python(self, code, **environment):
        done = subprocess.run(
            [sys.executable, '-c', code],
            env=processes.make_environment(**environment),
            capture_output=True,
            text=True,
            timeout=processes.PATIENCE,
            check=False,
        )
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout

    def test_the_shim_notes_who_loads_it(self):
        eventlet = self.useFixture(Eventlet(breaks=False))
        self.run_python('import eventlet', **eventlet.environment)
        self.assertNotEqual('', eventlet.read())

    def test_every_module(self):
        eventlet = self.useFixture(Eventlet(breaks=False))
        # As it is installed here, and where it does nothing.
        for environment in ({}, eventlet.environment):
            self.assertEqual(
                'THREADING None []\n', self.run_python(_LOAD_ALL, **environment)
            )
        self.assertEqual('', eventlet.read())

    def test_embedded(self):
        eventlet = self.useFixture(Eventlet(breaks=False))
        service = embedded.Embedded(self)
        service.environment = eventlet.environment
        service.fork = False
        self.useFixture(service)
        self.make_flavor(service.url)
        self.assertEqual('', eventlet.read())

    def test_deployment(self):
        site_case.require_servers(self, 'sqlite', 'rabbit')
        eventlet = self.useFixture(Eventlet(breaks=True))
        service = site.Site(self, 'sqlite', api__auth_strategy='noauth')
        service.environment = eventlet.environment
        service.fork = False
        self.useFixture(service)
        service.make_instance()
        port = processes.find_port()
        service.start('mogan-like-api', api__port=port).wait_for_port(port)
        self.make_flavor(f'http://127.0.0.1:{port}')
        for script, *arguments in (
            ('mogan-like-manage', 'db', 'sync'),
            ('mogan-like-manage', 'purge'),
            ('mogan-like-status', 'upgrade', 'check'),
        ):
            process = service.start(script, *arguments)
            self.assertEqual(0, process.wait(), process.read_output())
        self.assertEqual('', eventlet.read())

    def test_gunicorn(self):
        site_case.require_servers(self, 'sqlite', 'rabbit')
        service = self.useFixture(
            site.Site(self, 'sqlite', api__auth_strategy='noauth')
        )
        eventlet = self.useFixture(Eventlet(breaks=True))
        port = processes.find_port()
        web = self.useFixture(
            processes.Process(
                'gunicorn',
                *('--bind', f'127.0.0.1:{port}', '--no-control-socket'),
                'mogan_like.wsgi.api:application',
                env={
                    'MOGAN_LIKE_CONFIG': service.write_config(),
                    **eventlet.environment,
                },
            )
        )
        web.wait_for_port(port)
        self.make_flavor(f'http://127.0.0.1:{port}')
        self.assertEqual('', eventlet.read())

    def make_flavor(self, url):
        """Have the conductor behind an API do something."""
        answer = requests.post(
            f'{url}/v1/flavors',
            json={'name': self.getUniqueString(), 'resource_class': 'baremetal'},
            timeout=30,
        )
        self.assertEqual(201, answer.status_code, answer.text)
