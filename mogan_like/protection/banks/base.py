"""The contract of banks: where the records of checkpoints are kept.

A bank keeps small JSON documents under keys with slashes. It is registered in
``setup.cfg`` under ``mogan_like.banks``, and made once for each provider that
names it, with the options of the provider's file.
"""

import abc
import re
import types

from mogan_like.common import exception

NAMESPACE = 'mogan_like.banks'


# A segment is also a file's name.
_SEGMENT = r'(?!\.{1,2}(?:/|$))[A-Za-z0-9\-_.:@]{1,200}'
_KEY = re.compile(rf'{_SEGMENT}(?:/{_SEGMENT})*')
_PREFIX = re.compile(rf'(?:{_SEGMENT}/)*(?:{_SEGMENT})?')


def check_key(key):
    """See that a key may be one.

    :raises InvalidParameter: when it may not
    """
    if not _KEY.fullmatch(key):
        raise exception.InvalidParameter(
            name='key', reason=f'{key!r} is none of a bank.'
        )


def check_prefix(prefix):
    """See that a prefix may be one of keys.

    :raises InvalidParameter: when it may not
    """
    if not _PREFIX.fullmatch(prefix):
        raise exception.InvalidParameter(
            name='prefix', reason=f'no key of a bank begins with {prefix!r}.'
        )


class Bank(abc.ABC):
    """Documents by key. Every call may be repeated.

    A key is made of segments of letters, digits and ``-_.:@``, which are never
    ``.`` or ``..``; whatever else a caller passes is refused
    (:func:`check_key`). A key is never the folder of another one.

    What a call raises besides is a :class:`BankFailed`.

    :cvar options: oslo.config options that a provider's file may set, in the
        section that is called like the entry point
    :ivar options_set: the options as attributes, those that are not set at
        their defaults
    """

    options = ()

    def __init__(self, own=None):
        values = {option.dest: option.default for option in self.options}
        self.options_set = types.SimpleNamespace(**{**values, **(own or {})})

    @abc.abstractmethod
    def put(self, key, document):
        """Keep a document (a dict), in place of what the key had.

        All of it or nothing: a reader never sees half, also when the process
        dies meanwhile; on return it survives a power cut.
        """

    @abc.abstractmethod
    def get(self, key):
        """The document.

        :raises BankKeyNotFound: when there is none
        """

    @abc.abstractmethod
    def delete(self, key):
        """Drop a document; one that is not there is a success."""

    @abc.abstractmethod
    def list(self, prefix, marker=None, limit=None, descending=False):
        """Keys that begin with a prefix, in their order.

        Reads no document, and no more keys than it needs for a page.

        :param marker: the key that the page before ended with
        """
