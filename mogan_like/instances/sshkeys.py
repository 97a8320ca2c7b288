"""SSH keys: made, read, fingerprinted."""

import base64
import dataclasses
import hashlib

from cryptography import exceptions
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from mogan_like.common import exception


@dataclasses.dataclass(frozen=True)
class SSHKey:
    """One key.

    :ivar public_key: one line as in authorized_keys
    :ivar fingerprint: as ``ssh-keygen -l`` prints it
    :ivar private_key: OpenSSH's format, or None when it was not made here
    """

    public_key: str
    fingerprint: str
    private_key: str | None = None


def generate():
    """A new ed25519 pair."""
    private = ed25519.Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return SSHKey(
        public.decode(),
        _get_fingerprint(public.decode()),
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        ).decode(),
    )


def read(line):
    """The key in a line of authorized_keys.

    :raises InvalidParameter: when there is none
    """
    line = line.strip()
    try:
        # A second line would be a second key, which no fingerprint shows; other
        # control characters play with the terminal of who reads the key.
        if not line.replace('\t', ' ').isprintable():
            raise ValueError(line)
        serialization.load_ssh_public_key(line.encode('ascii'))
        return SSHKey(line, _get_fingerprint(line))
    except (ValueError, IndexError, exceptions.UnsupportedAlgorithm) as exc:
        raise exception.InvalidParameter(
            name='public_key', reason='it is not an SSH public key.'
        ) from exc


def _get_fingerprint(line):
    digest = hashlib.sha256(base64.b64decode(line.split()[1])).digest()
    return 'SHA256:' + base64.b64encode(digest).decode().rstrip('=')
