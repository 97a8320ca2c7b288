"""Names and passwords from a file, checked with bcrypt, seldom."""

import contextlib
import hashlib
import hmac
import secrets
import threading

import bcrypt
from oslo_log import log
from oslo_middleware import basic_auth
import webob.exc

from mogan_like.api import errors
from mogan_like.api.auth import attempts
from mogan_like.api.auth import cache
from mogan_like.api.auth import identity
from mogan_like.api.auth import users
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF

LOG = log.getLogger(__name__)

CHALLENGE = ('WWW-Authenticate', 'Basic realm="mogan-like"')

#: Seconds that a proven password stays proven since it was last used.
PROVEN_FOR = 60.0
_WELCOME_FOR = 3600.0
_PROOFS = 1024

# Threads that unproven passwords may hold, whatever is sent, so that the rest
# of the server's go on serving everybody else: so many check (bcrypt takes a
# CPU each), so many more stand in line, and so many sit out a pause.
_CHECKING = 2
_IN_LINE = 2
_PAUSING = 2
_LONGEST_PAUSE = 1.0
_LONGEST_LINE = 1.0
# For a burst of requests with one right password: the first proves it.
_PATIENCE = 0.05
# A wait may end a moment before its time.
_EARLY_WAKE = 0.01


class _TooEarly(exception.Unauthorized):
    """Not checked, since the tries before it were wrong."""


def wrap(app):
    """Let in whom ``[api]http_basic_user_file`` knows.

    :raises ConfigInvalid: when the file cannot be read or is wrong
    """
    return BasicAuth(app, CONF.api.http_basic_user_file)


class BasicAuth:
    """The WSGI filter; what the app raises passes through untouched."""

    def __init__(self, app, path, check=None):
        self._app = app
        self._users = users.UserFile(path)
        self._check = check or PasswordCheck()

    def __call__(self, environ, start_response):
        try:
            user = self._authenticate(environ)
        except exception.Unauthorized as exc:
            headers = [CHALLENGE]
            if isinstance(exc, _TooEarly):
                headers.append(('Retry-After', '1'))
            return errors.respond(
                environ, start_response, exception.Unauthorized(), headers
            )
        except exception.ServiceUnavailable as exc:
            return errors.respond(environ, start_response, exc)
        identity.drop_proofs(environ)
        environ.update(user.environ)
        return self._app(environ, start_response)

    def _authenticate(self, environ):
        try:
            token = basic_auth.parse_header(environ)
            name, password = basic_auth.parse_token(token)
        except webob.exc.HTTPError as error:
            # 400 for a header of another kind would hide the challenge.
            raise exception.Unauthorized() from error
        known = self._users.current()
        user = known.get(name)
        self._check.require(
            name,
            password,
            user,
            user or _stand_in(name, known),
            environ.get('REMOTE_ADDR') or '',
        )
        return user


class PasswordCheck:
    """Tells right passwords from wrong ones, at a bounded price.

    A right password is remembered under an HMAC that also covers the hash it
    was checked against, so that a changed hash is a new question, and no
    clock has to be trusted for that.

    :param wait: called with the seconds that a caller has to sit out
    """

    def __init__(self, now=clock.monotonic, wait=None):
        self._key = secrets.token_bytes(32)
        self._proven = cache.ExpiringCache(_PROOFS, now)
        # A caller is slowed down by its own wrong tries; guessing one name's
        # password from many addresses slows down all but those from where
        # it was right before, so that nobody is locked out by strangers.
        self._by_caller = attempts.Attempts(_LONGEST_PAUSE, now=now)
        self._by_name = attempts.Attempts(0.1, free=10, now=now)
        self._welcome = cache.ExpiringCache(_PROOFS, now)
        self._wait = wait or threading.Event().wait
        self._pausing = threading.BoundedSemaphore(_PAUSING)
        self._places = threading.BoundedSemaphore(_CHECKING + _IN_LINE)
        self._checking = threading.BoundedSemaphore(_CHECKING)

    def require(self, name, password, user, against, address):
        """Return when the password is the user's.

        :param user: None when there is none: the check takes as long, and
            fails
        :param against: the user whose hash is used: that one or a stand-in
        :raises Unauthorized: otherwise
        :raises ServiceUnavailable: when too many are being checked
        """
        proof = self._digest(name, password, against.password_hash)
        if self._is_proven(proof):
            return
        caller = self._digest(address, name)
        anywhere = self._digest(name)
        self._sit_out(caller, anywhere)
        with _held(self._places, _PATIENCE), _held(self._checking, _LONGEST_LINE):
            # Found out while this one stood in line?
            if self._is_proven(proof):
                return
            if self._by_caller.pause(caller) > _EARLY_WAKE:
                raise _TooEarly()
            if not _matches(against, password) or user is None:
                self._by_caller.fail(caller)
                self._by_name.fail(anywhere)
                raise exception.Unauthorized()
            self._by_caller.forgive(caller)
            self._welcome.put(caller, True, _WELCOME_FOR)
            self._proven.put(proof, True, PROVEN_FOR)

    def _is_proven(self, proof):
        if not self._proven.get(proof):
            return False
        self._proven.put(proof, True, PROVEN_FOR)
        return True

    def _sit_out(self, caller, anywhere):
        pause = self._by_caller.pause(caller)
        if not self._welcome.get(caller):
            pause = max(pause, self._by_name.pause(anywhere))
        if not pause:
            return
        if not self._pausing.acquire(blocking=False):
            raise _TooEarly()
        try:
            self._wait(min(pause, _LONGEST_PAUSE))
        finally:
            self._pausing.release()

    def _digest(self, *parts):
        whole = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            data = part if isinstance(part, bytes) else part.encode()
            whole.update(len(data).to_bytes(4, 'big') + data)
        return whole.digest()


@contextlib.contextmanager
def _held(semaphore, patience):
    """Hold a place of a semaphore, or say that there is none."""
    if not semaphore.acquire(timeout=patience):
        busy = exception.ServiceUnavailable(
            reason='too many passwords are being checked'
        )
        busy.retry_after = 1
        raise busy
    try:
        yield
    finally:
        semaphore.release()


def _matches(user, password):
    try:
        # Its log lines name whom it is told: never what a client sent.
        basic_auth.auth_entry(f'{user.name}:{user.password_hash}', password)
    except (webob.exc.HTTPError, ValueError):
        # ValueError: bcrypt takes no password of more than 72 bytes.
        return False
    return True


def _stand_in(name, known):
    """Somebody to check an unknown name's password against.

    The cost is one of the file's, always the same one for a name, so that
    the time it takes tells nothing; the hash matches no password.
    """
    costs = [user.cost for user in known.values()]
    pick = hashlib.sha256(_SALT + name.encode()).digest()
    cost = costs[int.from_bytes(pick[:8], 'big') % len(costs)]
    salt = bcrypt.gensalt(cost).decode()
    return users.User(name='(unknown)', password_hash=salt + '.' * 31, environ={})


_SALT = secrets.token_bytes(16)
