"""Users with generated passwords, for a service that nobody has set up."""

import contextlib
import dataclasses
import fcntl
import os
import re
import secrets
import uuid

import bcrypt
from oslo_log import log
import yaml

from mogan_like.common import exception

LOG = log.getLogger(__name__)

USERS_FILE = 'users.yaml'
PASSWORDS_FILE = 'passwords.yaml'
CLOUDS_FILE = 'clouds.yaml'
SHELL_FILE = 'credentials.sh'

_ROLES = {
    'admin': ['admin', 'manager', 'member', 'reader'],
    'demo': ['member', 'reader'],
}
_PASSWORD_BYTES = 16
# Stretching adds nothing to 128 random bits, and a first request that takes
# a quarter of a second would.
_COST = 5

_ABOUT_USERS = """\
# Who gets in: [api]http_basic_user_file. Hashes: htpasswd -nbB NAME PASSWORD
# Changes count from the next request on.
"""
_ABOUT_PASSWORDS = """\
# The generated passwords. The service does not need this file: note them,
# and delete it. Changing them here changes nothing.
"""
_ABOUT_SHELL = """\
# For curl: ". credentials.sh", then curl -u $DEMO ... or curl -u $ADMIN ...
"""
_ABOUT_CLOUDS = """\
# For openstack and openstacksdk: export OS_CLIENT_CONFIG_FILE=<this file>
"""

#: An address that this service gave itself: no proxy that somebody has set up.
_OUR_URL = re.compile(r'http://[^/\s]+:[0-9]+')


@dataclasses.dataclass(frozen=True)
class Credentials:
    """What the embedded service lets in, and where it is written.

    :ivar users_file: path for ``[api]http_basic_user_file``
    :ivar passwords_file: path of the plain passwords; may be deleted
    :ivar clouds_file: path of the clouds.yaml
    :ivar shell_file: path of a file for a shell to read: $ADMIN and $DEMO for
        curl's -u
    :ivar passwords: ``{user name: password}``; empty when only hashes are left
    :ivar created: True when this call made the passwords
    """

    users_file: str
    passwords_file: str
    clouds_file: str
    shell_file: str
    passwords: dict = dataclasses.field(repr=False)
    created: bool


def create(directory, base_url):
    """Make users ``admin`` and ``demo``, or return those made before.

    Files that exist are kept as they are, but for the address in clouds.yaml,
    which is that of the last start; what is missing is made from the
    passwords, if they are still there. May be called by several processes at
    once, and again after one that was killed.

    :param base_url: where the service is, without ``/v1``
    :returns: Credentials
    :raises ConfigInvalid: when the directory cannot be written, or its
        file of passwords is not one
    """
    paths = {
        name: os.path.join(directory, name)
        for name in (USERS_FILE, PASSWORDS_FILE, CLOUDS_FILE, SHELL_FILE)
    }
    try:
        with _locked(directory):
            accounts, created = _get_accounts(paths)
            _change_address(paths[CLOUDS_FILE], base_url.rstrip('/'))
            if accounts:
                _write_missing(paths, accounts, base_url.rstrip('/'))
    except OSError as error:
        raise exception.ConfigInvalid(
            reason=(f'credentials in {directory}: {error}')
        ) from error
    return Credentials(
        users_file=paths[USERS_FILE],
        passwords_file=paths[PASSWORDS_FILE],
        clouds_file=paths[CLOUDS_FILE],
        shell_file=paths[SHELL_FILE],
        created=created,
        passwords={name: account['password'] for name, account in accounts.items()},
    )


def _get_accounts(paths):
    """``{name: {password, user_id, project_id}}``, and whether they are new.

    The file of passwords is written first and the users' last. So users
    without passwords are no accident: somebody has deleted the passwords.
    """
    if os.path.lexists(paths[PASSWORDS_FILE]):
        return _read_accounts(paths[PASSWORDS_FILE]), False
    if os.path.lexists(paths[USERS_FILE]):
        return {}, False
    accounts = {
        name: {
            'password': secrets.token_hex(_PASSWORD_BYTES),
            'user_id': uuid.uuid4().hex,
            'project_id': uuid.uuid4().hex,
        }
        for name in _ROLES
    }
    _write(paths[PASSWORDS_FILE], _ABOUT_PASSWORDS, _dump(accounts))
    return accounts, True


def _read_accounts(path):
    with open(path, encoding='utf-8') as source:
        try:
            accounts = yaml.safe_load(source)
            return {
                name: {
                    key: _read_word(accounts[name][key])
                    for key in ('password', 'user_id', 'project_id')
                }
                for name in _ROLES
            }
        except (yaml.YAMLError, ValueError, TypeError, KeyError):
            raise exception.ConfigInvalid(
                reason=(
                    f'{path} is not the file of passwords that this service '
                    'wrote; delete it, and users.yaml beside it, to get new '
                    'ones'
                )
            ) from None


def _read_word(value):
    # 72 bytes are all that bcrypt takes.
    if not isinstance(value, str) or not 0 < len(value.encode()) <= 72:
        raise ValueError
    return value


def _write_missing(paths, accounts, base_url):
    # The users last: they are what the service needs, so that a start that
    # finds them needs nothing that is not there yet.
    contents = {
        SHELL_FILE: (_ABOUT_SHELL, lambda: _describe_shell(accounts)),
        CLOUDS_FILE: (_ABOUT_CLOUDS, lambda: _describe_clouds(accounts, base_url)),
        USERS_FILE: (_ABOUT_USERS, lambda: _describe_users(accounts)),
    }
    for name, (about, describe) in contents.items():
        if not os.path.lexists(paths[name]):
            _write(paths[name], about, describe())


def _change_address(path, base_url):
    """Let clouds.yaml follow to another port; all else in it stays."""
    if os.path.islink(path) or not os.path.isfile(path):
        return
    with open(path, encoding='utf-8') as source:
        try:
            text = source.read()
            before = str(yaml.safe_load(text)['clouds']['admin']['auth']['endpoint'])
        except (yaml.YAMLError, ValueError, TypeError, KeyError):
            # It is no longer what we wrote.
            return
    if before != base_url and _OUR_URL.fullmatch(before):
        _write(path, '', re.sub(re.escape(before) + '(?![0-9])', base_url, text))


def _describe_shell(accounts):
    return ''.join(
        f'export {name.upper()}={name}:{account["password"]}\n'
        for name, account in accounts.items()
    )


def _describe_clouds(accounts, base_url):
    clouds = {
        name: _describe_cloud(name, account, base_url)
        for name, account in accounts.items()
    }
    return _dump({'clouds': clouds})


def _describe_users(accounts):
    users = [_describe_user(name, account) for name, account in accounts.items()]
    return _dump({'users': users})


def _describe_user(name, account):
    hashed = bcrypt.hashpw(account['password'].encode(), bcrypt.gensalt(_COST))
    return {
        'name': name,
        'password_hash': hashed.decode(),
        'user_id': account['user_id'],
        'project_id': account['project_id'],
        'project_name': name,
        'roles': list(_ROLES[name]),
    }


def _describe_cloud(name, account, base_url):
    return {
        'auth_type': 'http_basic',
        'auth': {
            'username': name,
            'password': account['password'],
            'endpoint': base_url,
        },
        'baremetal_compute_endpoint_override': f'{base_url}/v1',
        'baremetal_compute_api_version': '1',
    }


@contextlib.contextmanager
def _locked(directory):
    """One process at a time; a killed one's lock goes with it."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    lock = os.open(
        os.path.join(directory, '.credentials.lock'),
        os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC,
        0o600,
    )
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _dump(content):
    return yaml.safe_dump(content, sort_keys=False)


def _write(path, about, content):
    """Write a file that is there whole, for its owner only, or not at all."""
    unfinished = f'{path}.new'
    # Left by a process that was killed: nobody else writes under the lock.
    with contextlib.suppress(FileNotFoundError):
        os.unlink(unfinished)
    made = os.open(
        unfinished,
        os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC,
        0o600,
    )
    with open(made, 'w', encoding='utf-8') as target:
        target.write(about)
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    os.rename(unfinished, path)
    _sync_directory(os.path.dirname(path))


def _sync_directory(directory):
    opened = os.open(directory or '.', os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
