"""A bank of files for conductors in processes of their own, that stops half way."""

import os
from pathlib import Path

import fixtures

#: Its entry point.
NAME = 'gated-filesystem'
_MODULE = """
import os
import threading

from mogan_like.protection.banks import filesystem

_FOLDER = os.environ['GATED_BANK_FOLDER']
_held = threading.local()
_write = filesystem._write


def _write_half(path, content):
    if not _is_held(getattr(_held, 'key', '')):
        return _write(path, content)
    _write(path, content[: len(content) // 2])
    with open(os.path.join(_FOLDER, 'reached'), 'w', encoding='ascii'):
        pass
    threading.Event().wait()


def _is_held(key):
    try:
        with open(os.path.join(_FOLDER, 'held'), encoding='ascii') as file:
            return file.read() in key
    except FileNotFoundError:
        return False


filesystem._write = _write_half


class GatedBank(filesystem.FilesystemBank):
    def put(self, key, document):
        _held.key = key
        super().put(key, document)
"""
_ENTRY_POINT = f'[mogan_like.banks]\n{NAME} = gated_bank:GatedBank\n'
_METADATA = 'Metadata-Version: 2.1\nName: gated-bank\nVersion: 1.0\n'


class GatedBank(fixtures.Fixture):
    """The bank, as a package that is installed for some processes.

    :ivar environment: of these processes
    """

    def _setUp(self):
        path = Path(self.useFixture(fixtures.TempDir()).path)
        self._folder = Path(self.useFixture(fixtures.TempDir()).path)
        info = path / 'gated_bank-1.0.dist-info'
        info.mkdir()
        (path / 'gated_bank.py').write_text(_MODULE)
        (info / 'METADATA').write_text(_METADATA)
        (info / 'entry_points.txt').write_text(_ENTRY_POINT)
        self.environment = {
            'PYTHONPATH': os.fspath(path),
            'GATED_BANK_FOLDER': os.fspath(self._folder),
        }

    def hold(self, part):
        """Let whoever writes a key with this part stop half way through, for ever."""
        (self._folder / 'held').write_text(part)

    def is_reached(self):
        """True when somebody has stopped."""
        return (self._folder / 'reached').exists()

    def let_go(self):
        """Hold nobody from now on."""
        for name in ('held', 'reached'):
            (self._folder / name).unlink()
