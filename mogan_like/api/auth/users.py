"""The users file of http_basic: read at start, and again when it changes."""

import dataclasses
import os
import re
import stat
import threading
import time

from oslo_log import log
import yaml

from mogan_like.api.auth import identity
from mogan_like.common import exception

LOG = log.getLogger(__name__)

_LARGEST = 1 << 20
_REQUIRED = frozenset(('name', 'password_hash', 'user_id', 'project_id', 'roles'))
_OPTIONAL = frozenset(('project_name',))
_HASH = re.compile(r'\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}')
# Cost 14 is one second of a CPU for every new connection; 4 is bcrypt's least.
_COSTS = range(4, 15)
# In headers and logs; the comma separates roles, the colon name and password.
_PLAIN = re.compile(r'[^\x00-\x20\x7f,](?:[^\x00-\x1f\x7f,]{0,253}[^\x00-\x20\x7f,])?')
#: As long as the database keeps, and as Keystone gives them.
_LONGEST_ID = 64
# A file changed twice within one tick of the filesystem's clock looks the
# same both times, so one changed this recently is read once more.
_TICK = 0.1


@dataclasses.dataclass(frozen=True)
class User:
    """One entry: the hash to check against, and the headers it brings."""

    name: str
    password_hash: str = dataclasses.field(repr=False)
    environ: dict = dataclasses.field(repr=False)

    @property
    def cost(self):
        """bcrypt's work factor, a power of two."""
        return int(self.password_hash[4:6])


class UserFile:
    """The users as the file has them now.

    :raises ConfigInvalid: when it cannot be read or is wrong at the start
    """

    def __init__(self, path):
        self._path = path
        self._lock = threading.Lock()
        self._seen = None
        self._problem = None
        self._users = self._load()

    def current(self):
        """The users by name, read again when the file has changed.

        Users of a file that can no longer be read, or is wrong, are gone:
        what is known may be just what somebody wanted to revoke.

        :raises ServiceUnavailable: until the file is right again
        """
        if self._stamp() != self._seen:
            with self._lock:
                if self._stamp() != self._seen:
                    self._reload()
        # One read of the attribute: another thread may replace it.
        users = self._users
        if users is None:
            raise exception.ServiceUnavailable(
                reason='the file of users cannot be read'
            )
        return users

    def _stamp(self):
        try:
            return _stamp(os.stat(self._path))
        except OSError as error:
            return error.errno

    def _reload(self):
        try:
            found = self._load()
            if found != self._users:
                LOG.info('Read %d users from %s', len(found), self._path)
            self._users = found
            self._problem = None
        except exception.ConfigInvalid as error:
            self._users = None
            if str(error) != self._problem:
                LOG.error('Nobody gets in: %s', error)
            self._problem = str(error)

    def _load(self):
        # Before the content: a change while reading is then seen as one.
        self._seen = self._stamp()
        try:
            with open(self._path, 'rb', opener=_open) as source:
                status = os.fstat(source.fileno())
                _check_mode(status, self._wrong)
                content = source.read(_LARGEST + 1)
        except OSError as error:
            self._seen = None
            raise self._wrong(error.strerror or str(error)) from error
        if abs(time.time() - status.st_ctime) < _TICK:
            self._seen = None
        if len(content) > _LARGEST:
            raise self._wrong(f'it is larger than {_LARGEST} bytes')
        try:
            users = _parse(content)
        except ValueError as error:
            raise self._wrong(str(error)) from error
        if status.st_mode & stat.S_IROTH:
            LOG.warning('Everybody on this machine can read %s', self._path)
        return users

    def _wrong(self, reason):
        return exception.ConfigInvalid(
            reason=(f'[api]http_basic_user_file {self._path}: {reason}')
        )


def _open(path, flags):
    # A named pipe would keep the start waiting for a writer.
    return os.open(path, flags | os.O_NONBLOCK)


def _stamp(status):
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_size)


def _check_mode(status, wrong):
    if not stat.S_ISREG(status.st_mode):
        raise wrong('it is not a regular file')
    if status.st_mode & stat.S_IWOTH:
        raise wrong('everybody on this machine can write it; chmod 600 it')


def _parse(content):
    """``{name: User}``; a ValueError says which entry is wrong, and how."""
    try:
        document = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # YAML's own text quotes the line, and with it the hash.
        mark = getattr(error, 'problem_mark', None)
        where = f' near line {mark.line + 1}' if mark else ''
        raise ValueError(f'it is not YAML{where}') from None
    if not isinstance(document, dict) or set(document) != {'users'}:
        raise ValueError('it must have one key, "users"')
    entries = document['users']
    if not isinstance(entries, list) or not entries:
        raise ValueError('"users" must be a list with at least one entry')
    users = {}
    for number, entry in enumerate(entries, 1):
        user = _read_entry(entry, f'entry {number} of "users"')
        if user.name in users:
            raise ValueError(f'the name {user.name!r} is there twice')
        users[user.name] = user
    return users


def _read_entry(entry, where):
    if not isinstance(entry, dict):
        raise ValueError(f'{where} is not a mapping')
    missing = _REQUIRED - set(entry)
    unknown = {str(key) for key in set(entry) - _REQUIRED - _OPTIONAL}
    if missing or unknown:
        what = 'lacks' if missing else 'has the unknown'
        raise ValueError(f'{where} {what} {", ".join(sorted(missing or unknown))}')
    roles = entry['roles']
    if not isinstance(roles, list):
        raise ValueError(f'roles of {where} is not a list')
    words = {
        key: _read_word(entry[key], f'{key} of {where}')
        for key in ('name', 'user_id', 'project_id')
    }
    if ':' in words['name']:
        raise ValueError(f'name of {where} has a colon')
    roles = [_read_word(role, f'a role of {where}') for role in roles]
    project_name = _read_word(
        entry.get('project_name', words['project_id']), f'project_name of {where}'
    )
    for key in ('user_id', 'project_id'):
        if len(words[key]) > _LONGEST_ID:
            raise ValueError(f'{key} of {where} is over {_LONGEST_ID} characters')
    return User(
        name=words['name'],
        password_hash=_read_hash(entry['password_hash'], where),
        environ=identity.describe(
            words['user_id'], words['name'], words['project_id'], project_name, roles
        ),
    )


def _read_word(value, what):
    if not isinstance(value, str):
        raise ValueError(f'{what} is not a string; put it in quotes')
    if not _PLAIN.fullmatch(value):
        raise ValueError(
            f'{what} must be 1 to 255 characters without commas, '
            'control characters or spaces at its ends'
        )
    return value


def _read_hash(value, where):
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'password_hash of {where} is not a bcrypt hash')
    if int(found[1]) not in _COSTS:
        raise ValueError(
            f'password_hash of {where} has the cost {found[1]}; '
            f'use {_COSTS[0]} to {_COSTS[-1]}'
        )
    return value
