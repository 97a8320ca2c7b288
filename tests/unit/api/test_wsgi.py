"""``mogan_like.wsgi.api:application`` in a process of its own."""

import json
import os
from pathlib import Path
import subprocess
import sys
import tempfile
import unittest

SERVE = """
import gc, json, sys
from wsgiref.util import setup_testing_defaults
from mogan_like.wsgi.api import application
environ = {'PATH_INFO': sys.argv[1]}
setup_testing_defaults(environ)
status = []
body = b''.join(application(environ, lambda *args: status.append(args[0])))
print(json.dumps({
    'status': status[0],
    'body': json.loads(body),
    'frozen': gc.get_freeze_count() > 10000,
    'loaded': sorted(sys.modules),
}))
"""


class TestApplication(unittest.TestCase):
    def serve(self, config, *args):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, 'mogan_like.conf')
            if config is not None:
                file.write_text(config)
            return subprocess.run(
                [sys.executable, '-c', SERVE, *args],
                env=os.environ | {'MOGAN_LIKE_CONFIG': str(file)},
                capture_output=True,
                text=True,
                timeout=60,
                cwd=Path(__file__).parents[3],
            )

    def test_it_answers(self):
        done = self.serve('[api]\nauth_strategy = noauth\n', '/v1')
        self.assertEqual(0, done.returncode, done.stderr)
        answer = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual('200 OK', answer['status'])
        self.assertEqual('v1', answer['body']['version']['id'])
        self.assertTrue(answer['frozen'])
        for name in ('keystonemiddleware', 'mogan_like.api.health', 'eventlet.hubs'):
            self.assertNotIn(name, answer['loaded'])

    def test_a_configuration_that_is_not_there_stops_the_start(self):
        done = self.serve(None, '/v1')
        self.assertNotEqual(0, done.returncode)
        self.assertIn('mogan_like.conf', done.stderr)

    def test_the_servers_command_line_is_not_ours(self):
        done = self.serve('[api]\nauth_strategy = noauth\n', '/v1', '--bind', 'x')
        self.assertEqual(0, done.returncode, done.stderr)
