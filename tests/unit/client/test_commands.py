"""Every command that is installed loads, helps, and shows what there is."""

from importlib import metadata
import pathlib
import subprocess
import sys

import testtools

_GROUP = 'openstack.baremetal_compute.v1'
_TESTS = pathlib.Path(__file__).parents[2] / 'functional/client'


class CommandsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.found = metadata.entry_points(group=_GROUP)

    def test_load_and_help(self):
        self.assertGreater(len(self.found), 80)
        for entry in self.found:
            command = entry.load()
            name = entry.name.replace('_', ' ')
            helped = command(None, None).get_parser(name).format_help()
            self.assertIn('--utc', helped, name)
            self.assertTrue(command.__doc__, name)

    def test_are_run_by_a_functional_test(self):
        text = ''.join(path.read_text() for path in _TESTS.glob('test_*.py'))
        # Words of a command stand in a call as words of their own.
        text = text.replace("'", '').replace('\n', ' ')
        text = ' '.join(text.replace(',', ' ').replace('(', ' ').split())
        for entry in self.found:
            words = entry.name.split('_')[1:]
            words = words[1:] if words[0] == 'protection' else words
            self.assertIn(' '.join(words), text, entry.name)


class ImportsTest(testtools.TestCase):
    def test_the_service_is_not_loaded(self):
        # import-linter sees what stands in modules; this is what a client does.
        names = [entry.module for entry in metadata.entry_points(group=_GROUP)]
        names += ['mogan_like_client.osc.plugin', 'mogan_like_client.sdk.service']
        program = f'import sys, importlib\nfor name in {sorted(set(names))}:\n'
        program += '    importlib.import_module(name)\n'
        program += "print([name for name in sys.modules if name == 'mogan_like'])"
        done = subprocess.run(
            [sys.executable, '-c', program], capture_output=True, text=True, check=True
        )
        self.assertEqual('[]\n', done.stdout)
