"""Where the fake's machines live: JSON documents in memory or in a directory.

Both kinds have the same five methods. ``read``, ``write`` and ``remove`` are
called under ``lock`` only; ``note`` needs none.
"""

import collections
import contextlib
import fcntl
import json
import os
import threading


class MemoryState:
    """In memory, for one driver object."""

    def __init__(self):
        self._lock = threading.Lock()
        self._documents = {}
        self._journal = collections.deque(maxlen=10000)

    @contextlib.contextmanager
    def lock(self):
        """Hold everything for the length of the block."""
        with self._lock:
            yield

    def read(self, key):
        """The document, a new copy at every call; None if there is none."""
        text = self._documents.get(key)
        return None if text is None else json.loads(text)

    def write(self, key, document):
        """Replace the document."""
        self._documents[key] = json.dumps(document)

    def remove(self, key):
        """Drop the document, which may be gone already."""
        self._documents.pop(key, None)

    def note(self, entry):
        """Add an entry to the journal; the last 10,000 are kept."""
        self._journal.append(entry)

    def journal(self):
        """The entries, oldest first."""
        return list(self._journal)


class DirectoryState:
    """In a directory, for all processes of one host.

    A killed process leaves nothing half written, and the kernel drops its
    lock. Files are for their owner alone: user data may hold secrets.
    """

    def __init__(self, path):
        self._path = path

    @contextlib.contextmanager
    def lock(self):
        """Hold everything, against threads and processes alike."""
        os.makedirs(os.path.join(self._path, 'nodes'), mode=0o700, exist_ok=True)
        # Two opens of one file exclude each other also inside one process.
        lock = self._open('lock', os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def read(self, key):
        """The document; None if there is none."""
        try:
            with open(self._file(key), encoding='utf-8') as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def write(self, key, document):
        """Replace the document, in one step for whoever reads the file."""
        # The lock keeps all others from this name; one that a killed process
        # left behind is overwritten.
        new = self._open(key + '.new', os.O_WRONLY | os.O_TRUNC)
        with open(new, 'w', encoding='utf-8') as file:
            json.dump(document, file, sort_keys=True)
        os.replace(self._path_of(key + '.new'), self._file(key))

    def remove(self, key):
        """Drop the document, which may be gone already."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._file(key))

    def note(self, entry):
        """Add a line to the journal."""
        line = json.dumps(entry, sort_keys=True) + '\n'
        os.makedirs(self._path, mode=0o700, exist_ok=True)
        journal = self._open('journal', os.O_WRONLY | os.O_APPEND)
        try:
            # One write: lines of several processes never mix.
            os.write(journal, line.encode())
        finally:
            os.close(journal)

    def journal(self):
        """The entries, oldest first; a line still being written is left out."""
        try:
            with open(self._path_of('journal'), encoding='utf-8') as file:
                lines = file.read().split('\n')
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines[:-1]]

    def _file(self, key):
        return self._path_of(key + '.json')

    def _path_of(self, name):
        return os.path.join(self._path, name)

    def _open(self, name, flags):
        return os.open(self._path_of(name), flags | os.O_CREAT | os.O_CLOEXEC, 0o600)
