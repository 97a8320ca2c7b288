"""A bank of files: one for each document, in folders named as in its key."""

import contextlib
import datetime
import itertools
import os
from pathlib import Path
import uuid

import orjson
from oslo_config import cfg
from oslo_log import log

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.protection.banks import base
from mogan_like.protection.banks import walk

LOG = log.getLogger(__name__)

# No key has a comma: what is not finished yet is never listed.
_UNFINISHED = ',unfinished'
# Nobody takes so long to write one.
_LEFTOVER_S = 3600
_GONE = (FileNotFoundError, NotADirectoryError)
# A folder may be dropped, since it is empty, while something is put into it.
_TRIES = 10


class FilesystemBank(base.Bank):
    """Documents in files below a path."""

    options = [
        cfg.StrOpt('path', help='The folder, absolute; or [protection]bank_dir.'),
        cfg.BoolOpt(
            'shared',
            default=False,
            help='Whether conductors on all hosts have the same file system there.',
        ),
    ]

    def __init__(self, own=None):
        super().__init__(own)
        self._root = Path(self.options_set.path or CONF.protection.bank_dir)
        if not self._root.is_absolute():
            raise exception.ConfigInvalid(reason=f'{self._root} is not absolute.')
        self.is_shared = self.options_set.shared
        with _failing():
            self._drop_leftovers()

    def put(self, key, document):
        """Write it elsewhere, then give it its name in one step."""
        base.check_key(key)
        target = self._root / key
        with _failing():
            _make_folders(self._root / _UNFINISHED)
            temporary = self._root / _UNFINISHED / uuid.uuid4().hex
            try:
                _write(temporary, orjson.dumps(document))
                _rename(temporary, target)
            finally:
                temporary.unlink(missing_ok=True)

    def get(self, key):
        """Read the file."""
        base.check_key(key)
        with _failing():
            try:
                return orjson.loads((self._root / key).read_bytes())
            except _GONE as error:
                raise exception.BankKeyNotFound(key=key) from error
            except orjson.JSONDecodeError as error:
                raise exception.BankFailed(reason=f'{key} is damaged.') from error

    def delete(self, key):
        """Remove the file, and the folders that it leaves empty."""
        base.check_key(key)
        path = self._root / key
        with _failing():
            try:
                path.unlink()
            except _GONE:
                return
            with contextlib.suppress(FileNotFoundError):
                _sync(path.parent)
            # One that is not empty stays, and so do those above it.
            with contextlib.suppress(OSError):
                for folder in itertools.takewhile(self._is_inside, path.parents):
                    folder.rmdir()

    def list(self, prefix, marker=None, limit=None, descending=False):
        """Names of files; each folder on the way is read as a whole."""
        base.check_prefix(prefix)
        keys = walk.list_keys(self._list_folder, prefix, marker, descending)
        with _failing():
            return list(itertools.islice(keys, limit))

    def _drop_leftovers(self):
        """Remove what a process that was killed did not finish."""
        now = clock.utcnow().replace(tzinfo=datetime.UTC).timestamp()
        for path in (self._root / _UNFINISHED).glob('*'):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < now - _LEFTOVER_S:
                    path.unlink()

    def _list_folder(self, folder):
        try:
            entries = os.scandir(self._root / folder)
        except _GONE:
            return
        with entries:
            for entry in entries:
                if entry.name != _UNFINISHED:
                    yield entry.name, entry.is_dir(follow_symlinks=False)

    def _is_inside(self, folder):
        return folder != self._root


@contextlib.contextmanager
def _failing():
    try:
        yield
    except OSError as error:
        LOG.error('A bank of files fails: %s', error)
        raise exception.BankFailed(reason=f'{error.strerror}.') from error


def _write(path, content):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, 'wb') as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _rename(temporary, target):
    for left in reversed(range(_TRIES)):
        try:
            _make_folders(target.parent)
            os.replace(temporary, target)
            break
        except FileNotFoundError:
            if not left:
                raise
    # Gone only with the file, when another one has deleted it already.
    with contextlib.suppress(FileNotFoundError):
        _sync(target.parent)


def _make_folders(folder):
    """Make folders whose names survive a power cut."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        _sync(folder.parent)


def _sync(folder):
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
