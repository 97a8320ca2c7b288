"""The borders between folders hold: each contract bites when it is crossed."""

import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest

TOP = Path(__file__).parents[2]

#: {contract: ({new module: what it imports}, who is named as the offender)}
CROSSINGS = {
    'layers': ({'actions/extra.py': 'mogan_like.instances.states'}, 'actions.extra'),
    # Not itself: through a module that looks harmless.
    'api-reads': (
        {
            'instances/controllers/extra.py': 'mogan_like.instances.extra',
            'instances/extra.py': 'mogan_like.instances.store',
        },
        'instances.controllers',
    ),
    'conductor-serves-no-web': (
        {'conductor/extra.py': 'mogan_like.common.extra', 'common/extra.py': 'pecan'},
        'conductor.extra',
    ),
    'domains': ({'instances/extra.py': 'mogan_like.actions.models'}, 'instances.extra'),
    'sql': ({'instances/extra.py': 'sqlalchemy.orm'}, 'instances.extra'),
    'alembic': ({'db/extra.py': 'alembic'}, 'db.extra'),
    'messaging': ({'conductor/extra.py': 'oslo_messaging'}, 'conductor.extra'),
    'plugins': ({'instances/extra.py': 'stevedore.driver'}, 'instances.extra'),
    'workers': ({'conductor/extra.py': 'concurrent.futures'}, 'conductor.extra'),
    'client': ({'../mogan_like_client/extra.py': 'mogan_like.common'}, 'common'),
    'web': ({'instances/extra.py': 'webob'}, 'instances.extra'),
}


def settings():
    """The import-linter part of pyproject.toml."""
    pyproject = tomllib.loads((TOP / 'pyproject.toml').read_text())
    return pyproject['tool']['importlinter']


class ContractsTestCase(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.tree = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.tree)
        skipped = shutil.ignore_patterns('__pycache__')
        for name in ('mogan_like', 'mogan_like_client'):
            shutil.copytree(TOP / name, self.tree / name, ignore=skipped)
        (self.tree / 'tools').mkdir()
        for name in ('pyproject.toml', 'tools/import_contracts.py'):
            shutil.copy(TOP / name, self.tree / name)

    def lint(self, contract):
        """Exit code and output of lint-imports for one contract."""
        program = Path(sys.executable).with_name('lint-imports')
        done = subprocess.run(
            [program, '--no-logo', '--no-cache', '--contract', contract],
            cwd=self.tree,
            env=dict(os.environ, PYTHONPATH=str(self.tree)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout

    def test_every_contract_bites(self):
        for contract, (modules, offender) in CROSSINGS.items():
            with self.subTest(contract=contract):
                self.cross(modules)
                code, output = self.lint(contract)
                self.assertEqual(1, code, output)
                self.assertIn(f'mogan_like.{offender}', output)

    def cross(self, modules):
        """Write modules that import what they may not, until the subtest ends."""
        for leftover in self.tree.rglob('extra.py'):
            leftover.unlink()
        for path, imported in modules.items():
            target = self.tree / 'mogan_like' / path
            target.parent.mkdir(exist_ok=True)
            (target.parent / '__init__.py').touch()
            target.write_text(f'import {imported}\n')

    def test_every_contract_is_tried(self):
        ids = {contract['id'] for contract in settings()['contracts']}
        self.assertEqual(ids, set(CROSSINGS))


class LayersTestCase(unittest.TestCase):
    def test_every_module_has_a_layer(self):
        layers = next(
            contract['layers']
            for contract in settings()['contracts']
            if contract['id'] == 'layers'
        )
        known = {name.strip(' \n()') for layer in layers for name in layer.split(':')}
        homeless = [
            module
            for module in self.modules()
            if not any(f'{module}.'.startswith(f'{name}.') for name in known)
        ]
        self.assertEqual([], homeless, 'give it its place in pyproject.toml')

    def modules(self):
        """Dotted names of all modules; a folder's own __init__ holds no code."""
        for path in sorted((TOP / 'mogan_like').rglob('*.py')):
            if path.name != '__init__.py':
                yield '.'.join(path.relative_to(TOP).with_suffix('').parts)

    def test_folders_in_two_layers_hold_nothing_themselves(self):
        # Their __init__ would be in no layer, and so free to import anything.
        for folder in ('api', 'db'):
            text = (TOP / 'mogan_like' / folder / '__init__.py').read_text()
            self.assertNotIn('import ', text)
