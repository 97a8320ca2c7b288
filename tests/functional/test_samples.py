"""The samples of the API reference are what the service answers."""

import os
from pathlib import Path

import testtools

from tests.functional.samples import compute_scripts
from tests.functional.samples import lease_scripts
from tests.functional.samples import protection_scripts
from tests.functional.samples import script as script_module
from tests.functional.samples import scripts

_FOLDER = Path(__file__).parents[2] / 'api-ref' / 'source' / 'samples'

_KNOWN = {
    **vars(scripts),
    **vars(lease_scripts),
    **vars(protection_scripts),
    **vars(compute_scripts),
}

#: Set to write the samples as they are now answered, and not compare them.
_REWRITE = 'MOGAN_LIKE_WRITE_SAMPLES'


class SamplesTest(testtools.TestCase):
    """A test for each script, which has a folder of its name."""

    maxDiff = None

    def _check(self, name):
        script = _KNOWN[name.upper()]
        made = script_module.make_samples(self, name, script)
        folder = _FOLDER / name
        if os.environ.get(_REWRITE) == '1':
            _write(folder, made)
        found = {path.name: path.read_text() for path in folder.glob('*')}
        # File by file: of two texts that differ one sees where.
        for file in sorted({*made, *found}):
            expected = found.get(file, 'no such file\n')
            self.assertEqual(expected, made.get(file, 'made by no step\n'), file)

    def test_versions(self):
        self._check('versions')

    def test_instances(self):
        self._check('instances')

    def test_states(self):
        self._check('states')

    def test_actions(self):
        self._check('actions')

    def test_flavors(self):
        self._check('flavors')

    def test_nodes(self):
        self._check('nodes')

    def test_keypairs(self):
        self._check('keypairs')

    def test_quotas(self):
        self._check('quotas')

    def test_leases(self):
        self._check('leases')

    def test_hosts(self):
        self._check('hosts')

    def test_plugins(self):
        self._check('plugins')

    def test_protectables(self):
        self._check('protectables')

    def test_plans(self):
        self._check('plans')

    def test_checkpoints(self):
        self._check('checkpoints')

    def test_triggers(self):
        self._check('triggers')

    def test_scheduled_operations(self):
        self._check('scheduled_operations')

    def test_services(self):
        self._check('services')

    def test_compute_servers(self):
        self._check('compute_servers')

    def test_compute_actions(self):
        self._check('compute_actions')

    def test_compute_flavors(self):
        self._check('compute_flavors')

    def test_compute_accounts(self):
        self._check('compute_accounts')

    def test_errors(self):
        self._check('errors')

    def test_every_folder_has_a_test(self):
        tested = {name for name in dir(self) if name.startswith('test_')}
        for folder in _FOLDER.iterdir():
            self.assertIn(f'test_{folder.name}', tested)


def _write(folder, samples):
    """Make a folder hold these samples and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob('*'):
        path.unlink()
    for name, text in samples.items():
        (folder / name).write_text(text)
