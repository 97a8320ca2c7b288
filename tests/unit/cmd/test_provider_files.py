"""The files of providers that come with the service, copied once."""

import functools
import os
from pathlib import Path
import shutil

import fixtures
import testtools

from mogan_like.cmd import provider_files
from mogan_like.common import exception
from tests import racing

_SHIPPED = Path(__file__).parents[3] / 'etc/mogan_like/providers.d'
_NAMES = sorted(path.name for path in _SHIPPED.iterdir())


class CopyTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.state = Path(self.useFixture(fixtures.TempDir()).path)
        self.folder = self.state / 'providers.d'

    def list_names(self):
        self.assertEqual(['providers.d'], os.listdir(self.state))
        return sorted(os.listdir(self.folder))

    def test_all_of_them_as_they_are(self):
        provider_files.copy(self.folder)
        self.assertEqual(_NAMES, self.list_names())
        for name in _NAMES:
            self.assertEqual(
                (_SHIPPED / name).read_text(), (self.folder / name).read_text()
            )

    def test_what_the_owner_made_of_them_stays(self):
        provider_files.copy(self.folder)
        (self.folder / 'noop.conf').unlink()
        (self.folder / 'manila.conf').write_text('mine')
        provider_files.copy(self.folder)
        self.assertEqual(['manila.conf'], self.list_names())
        self.assertEqual('mine', (self.folder / 'manila.conf').read_text())

    def test_none_is_no_folder(self):
        places = (self.state,)
        with fixtures.MonkeyPatch(f'{provider_files.__name__}._PLACES', places):
            provider_files.copy(self.folder)
        self.assertEqual([], os.listdir(self.state))

    def test_where_pip_puts_them(self):
        home = self.useFixture(fixtures.TempDir()).path
        shutil.copytree(_SHIPPED, Path(home, 'etc', 'mogan_like', 'providers.d'))
        places = (self.state, Path(home))
        with fixtures.MonkeyPatch(f'{provider_files.__name__}._PLACES', places):
            provider_files.copy(self.folder)
        self.assertEqual(_NAMES, self.list_names())

    def test_by_many_at_once(self):
        copy = functools.partial(provider_files.copy, self.folder)
        self.assertEqual([None] * 8, racing.at_once(*[copy] * 8))
        self.assertEqual(_NAMES, self.list_names())

    def test_half_of_them_are_never_taken_for_all(self):
        class KilledError(Exception):
            pass

        def fail(_source, _target):
            raise KilledError

        with fixtures.MonkeyPatch(f'{provider_files.__name__}.shutil.copyfile', fail):
            self.assertRaises(KilledError, provider_files.copy, self.folder)
        self.assertEqual([], os.listdir(self.state))
        provider_files.copy(self.folder)
        self.assertEqual(_NAMES, self.list_names())

    def test_a_folder_that_cannot_be_made_is_told_of(self):
        file = self.state / 'file'
        file.write_text('')
        error = self.assertRaises(
            exception.ConfigInvalid, provider_files.copy, file / 'providers.d'
        )
        self.assertIn(str(file), str(error))
