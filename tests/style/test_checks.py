"""The checks of tools/ and the rules of ruff see what they are to see."""

import contextlib
import io
import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

TOP = Path(__file__).parents[2]
sys.path.insert(0, str(TOP / 'tools'))

import check_names  # noqa: E402
import check_sizes  # noqa: E402
import totals  # noqa: E402


class CheckTestCase(unittest.TestCase):
    """In a folder of its own, with the trees that the checks look at."""

    def setUp(self):
        super().setUp()
        self.addCleanup(os.chdir, Path.cwd())
        self.tree = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.tree)
        os.chdir(self.tree)
        Path('mogan_like').mkdir()

    def run_check(self, check):
        """The exit code and what was printed."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            return check.main(), printed.getvalue()


class SizesTestCase(CheckTestCase):
    def write(self, statements):
        body = '    pass\n' * statements
        Path('mogan_like/long.py').write_text(f'def grow():\n{body}')

    def test_a_function_of_50_lines_passes(self):
        self.write(49)
        code, printed = self.run_check(check_sizes)
        self.assertEqual(0, code, printed)
        self.assertIn('median 50 lines', printed)

    def test_a_function_of_51_lines_fails(self):
        self.write(50)
        code, printed = self.run_check(check_sizes)
        self.assertEqual(1, code)
        self.assertIn('mogan_like/long.py:1 grow is 51 lines long', printed)

    def test_a_file_of_401_lines_fails(self):
        Path('mogan_like/long.py').write_text('a = 1\n' * 401)
        code, printed = self.run_check(check_sizes)
        self.assertEqual(1, code)
        self.assertIn('mogan_like/long.py is 401 lines long', printed)


class NamesTestCase(CheckTestCase):
    def test_what_is_named_well_passes(self):
        Path('mogan_like/locks.py').write_text('def lock(ctx):\n    pass\n')
        self.assertEqual(0, self.run_check(check_names)[0])

    def test_a_vague_module_fails(self):
        for name in ('utils.py', 'db_utils.py', 'helpers', 'misc.py'):
            with self.subTest(name=name):
                path = Path('mogan_like', name)
                path.touch()
                code, printed = self.run_check(check_names)
                path.unlink()
                self.assertEqual(1, code)
                self.assertIn(f'mogan_like/{name}', printed)

    def test_another_name_for_the_context_fails(self):
        Path('mogan_like/locks.py').write_text('def lock(context):\n    pass\n')
        code, printed = self.run_check(check_names)
        self.assertEqual(1, code)
        self.assertIn('mogan_like/locks.py:1', printed)

    def test_a_note_of_what_is_not_done_fails(self):
        Path('page.rst').write_text('To' + 'do: TO' + 'DO\n')
        code, printed = self.run_check(check_names)
        self.assertEqual(1, code)
        self.assertIn('page.rst:1', printed)


class RuffTestCase(unittest.TestCase):
    def lint(self, code, path='mogan_like/instances/extra.py'):
        """The names of the rules that the code breaks."""
        program = Path(sys.executable).with_name('ruff')
        done = subprocess.run(
            [program, 'check', '--no-cache', '--output-format', 'concise',
             '--stdin-filename', path, '-'],
            input=f'"""A module."""\n\n{code}',
            cwd=TOP,
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        return done.stdout

    def test_threads_start_in_one_place(self):
        code = 'import threading\n\nthreading.Thread(target=print).start()\n'
        self.assertIn('TID251', self.lint(code))
        self.assertNotIn('TID251', self.lint(code, 'mogan_like/common/workers.py'))

    def test_the_time_comes_from_one_place(self):
        code = 'import datetime\n\nNOW = datetime.datetime.now()\n'
        self.assertIn('TID251', self.lint(code))
        self.assertNotIn('TID251', self.lint(code, 'mogan_like/common/clock.py'))

    def test_migrations_are_no_exception(self):
        path = 'mogan_like/db/migrations/versions/0001_extra.py'
        self.assertIn('F401', self.lint('import os\n', path))

    def test_branches_are_counted(self):
        branches = ''.join(f'    if a == {n}:\n        a += 1\n' for n in range(10))
        self.assertIn('C901', self.lint(f'def walk(a):\n{branches}    return a\n'))

    def test_an_error_is_not_passed_over(self):
        code = 'try:\n    print()\nexcept Exception:\n    pass\n'
        self.assertIn('S110', self.lint(code))


class TotalsTestCase(CheckTestCase):
    def close(self, *parts):
        """Exit code and the last two lines for parts as append() takes them."""
        path = self.tree / 'totals'
        path.touch()
        with mock.patch.dict(os.environ, MOGAN_LIKE_TOTALS=str(path)):
            for part in parts:
                totals.append(*part)
        program = TOP / 'tools' / 'totals.py'
        done = subprocess.run(
            [sys.executable, program, path], stdout=subprocess.PIPE, text=True
        )
        return done.returncode, *done.stdout.splitlines()[-2:]

    def test_parts_add_up(self):
        code, _, closing = self.close(('unit', 10, [], 1), ('style', 5, [], 2))
        self.assertEqual((0, '15 passed, 0 failed, 3 skipped'), (code, closing))

    def test_one_failure_fails_all_and_is_named(self):
        self.assertEqual(
            (1, 'FAILED tests.unit.test_fsm', '15 passed, 1 failed, 0 skipped'),
            self.close(('unit', 10, ['tests.unit.test_fsm'], 0), ('style', 5, [], 0)),
        )

    def test_nothing_run_is_no_success(self):
        code, _, closing = self.close(('unit', 0, [], 0))
        self.assertEqual((1, '0 passed, 0 failed, 0 skipped'), (code, closing))

    def test_without_a_file_nothing_is_kept(self):
        with mock.patch.dict(os.environ, clear=True):
            totals.append('unit', 1, [], 0)
        self.assertEqual(['mogan_like'], os.listdir('.'))
