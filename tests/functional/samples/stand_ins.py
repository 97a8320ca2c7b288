"""What stands in samples for values that are different in every run.

Each kind of value has its form and its stand-ins. Ids get theirs in the order
of their appearance, times and numbers by their size: within one set of samples
the same value always has the same stand-in, and later stays later.
"""

import collections
import datetime
import re
import uuid

_NAMESPACE = uuid.UUID('7d9ac6f4-2d55-4b0e-8a53-2f1a6c0e9b44')
_UUID = r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

#: Of each kind, how it is found in a text; the first that fits counts.
_FORMS = {
    'request_id': rf'req-{_UUID}',
    'uuid': _UUID,
    'time': r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}',
    'second': r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ',
    'mac': r'52:54:00(?::[0-9a-f]{2}){3}',
    'number': r'(?<=marker=)\d+(?![\w-])',
    'fingerprint': r'SHA256:[A-Za-z0-9+/]{43}',
    'public_key': r'ssh-ed25519 [A-Za-z0-9+/=]+',
    'private_key': r'-----BEGIN OPENSSH PRIVATE KEY-----\n[^-]+(?=-----END)',
    'traceback': r'(?<=Traceback \(most recent call last\):\n)(?: .*\n)+',
}
_ANY = re.compile('|'.join(f'(?P<{kind}>{form})' for kind, form in _FORMS.items()))

_FIRST_TIME = datetime.datetime(2026, 3, 2, 9, 14, 7, 618033)
_BETWEEN_TIMES = datetime.timedelta(seconds=3, microseconds=141592)
_HOST = 'conductor-1'

#: Those of which a set has one at most; the fingerprint is the key's. Of times to
#: the second nobody knows which are the same.
_SINGLE = {
    'second': '2026-03-02T09:14:07Z',
    'fingerprint': 'SHA256:TLyOGhQfmfaTQTm0XHa7KBddLW/jFcAL9TLyRGmrMAA',
    'public_key': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH1CWObavMLARjvISyA9oSrsR'
    'yLAzU72MdBC2z2ab5Gh',
    'private_key': '-----BEGIN OPENSSH PRIVATE KEY-----\n...\n',
    'traceback': '  ...\n',
}


def make_id(seed):
    """The same UUID for the same text, which looks as if drawn by lot."""
    return str(uuid.UUID(bytes=uuid.uuid5(_NAMESPACE, seed).bytes, version=4))


def find(text):
    """Everything in a text that would get a stand-in, as a set."""
    return {match.group() for match in _ANY.finditer(text)}


class StandIns:
    """The stand-ins of one set of samples.

    :param name: of the set: another one has other ids
    :param documents: all of the set, in their order
    :param given: values that were chosen by who asks, and stay as they are
    """

    def __init__(self, name, documents, given):
        self._name = name
        self._given = given
        self._found = collections.defaultdict(dict)
        for document in documents:
            self._collect(document)

    def put_in(self, value, key=None):
        """A document, or a value under a key, with its stand-ins."""
        if isinstance(value, dict):
            return {
                self.put_in(name): self.put_in(inner, name)
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self.put_in(inner, key) for inner in value]
        if key == 'host' and value:
            return _HOST
        if _is_number(key, value):
            return self._rank('number', value)
        if isinstance(value, str):
            return _ANY.sub(self._replace, value)
        return value

    def _collect(self, value, key=None):
        if isinstance(value, dict):
            for name, inner in value.items():
                self._collect(name)
                self._collect(inner, name)
        elif isinstance(value, list):
            for inner in value:
                self._collect(inner, key)
        elif _is_number(key, value):
            self._found['number'][value] = None
        elif isinstance(value, str):
            for match in _ANY.finditer(value):
                if match.group() not in self._given:
                    self._found[match.lastgroup][_parse(match)] = None

    def _replace(self, match):
        kind, text = match.lastgroup, match.group()
        if text in self._given:
            return text
        if kind in _SINGLE:
            return _SINGLE[kind]
        if kind == 'number':
            return str(self._rank(kind, int(text)))
        if kind == 'time':
            when = _FIRST_TIME + self._rank(kind, text) * _BETWEEN_TIMES
            return when.isoformat(timespec='microseconds')
        number = list(self._found[kind]).index(text)
        if kind == 'mac':
            return f'52:54:00:6b:1e:{number:02x}'
        made = make_id(f'{self._name} {kind} {number}')
        return f'req-{made}' if kind == 'request_id' else made

    def _rank(self, kind, value):
        return 1 + sorted(self._found[kind]).index(value)


def _is_number(key, value):
    return key == 'id' and isinstance(value, int)


def _parse(match):
    return int(match.group()) if match.lastgroup == 'number' else match.group()
