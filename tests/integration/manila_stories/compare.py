"""Compares what two Manilas answered to the same story, field by field."""

import fnmatch
import json
import re

_UUID = r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
#: kind: what is different in every run, and has a stand-in
_FORMS = {
    'request': rf'req-{_UUID}',
    'id': rf'{_UUID}|\b[0-9a-f]{{32}}\b',
    'time': r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}',
}
_ANY = re.compile('|'.join(f'(?P<{kind}>{form})' for kind, form in _FORMS.items()))
#: Headers that Manila writes; the others are the web server's.
_HEADERS = (
    'content-type',
    'location',
    'retry-after',
    'vary',
    'www-authenticate',
    'x-compute-request-id',
    'x-openstack-manila-api-experimental',
    'x-openstack-manila-api-version',
    'x-openstack-request-id',
)


class Normalizer:
    """Puts stand-ins for what is different in every run.

    Ids get theirs in the order of their appearance, so that equal ones stay equal;
    times only say that they are one.

    :param base: of the Manila, without the version
    """

    def __init__(self, base):
        self._base = base
        self._ids = {}

    def put_in(self, value):
        """A text, list or dictionary with its stand-ins."""
        text = json.dumps(value, sort_keys=True).replace(self._base, 'BASE')
        return json.loads(_ANY.sub(self._replace, text))

    def _replace(self, match):
        if match.lastgroup != 'id':
            return match.lastgroup.upper()
        number = self._ids.setdefault(match.group(), len(self._ids) + 1)
        return f'ID{number}'


def flatten(value, path=''):
    """{path: leaf} of nested dictionaries and lists."""
    if isinstance(value, dict) and value:
        parts = {f'{path}.{key}' if path else key: value[key] for key in value}
    elif isinstance(value, list) and value:
        parts = {f'{path}[{index}]': each for index, each in enumerate(value)}
    else:
        return {path: value}
    found = {}
    for inner, each in parts.items():
        found.update(flatten(each, inner))
    return found


def describe(exchange, normalizer):
    """{path: leaf} of all that was answered to a call, and what was called."""
    call = normalizer.put_in(exchange.call)
    if exchange.statuses is not None:
        return call, {}
    headers = {name.lower(): value for name, value in exchange.headers.items()}
    kept = {name: headers[name] for name in _HEADERS if name in headers}
    answer = {
        'status': exchange.status,
        'headers': normalizer.put_in(kept),
        'body': normalizer.put_in(exchange.body),
    }
    return call, flatten(answer)


class Comparison:
    """The differences between two plays of a story.

    :param known: {(pattern of calls, pattern of paths): why they differ}
    :ivar found: a text for each difference that is not known
    :ivar unused: those of known that there were not
    """

    def __init__(self, real, emulated, known):
        self.found = []
        self.unused = set(known)
        self._known = known
        first = Normalizer(real.url.removesuffix('/v2'))
        second = Normalizer(emulated.url.removesuffix('/v2'))
        for ours, theirs in zip(real.exchanges, emulated.exchanges, strict=True):
            self._compare(describe(ours, first), describe(theirs, second))
            self._compare_waits(ours, theirs)

    def _compare(self, real, emulated):
        (call, wanted), (other, got) = real, emulated
        if call != other:
            self.found.append(f'{call}, but the emulator was asked {other}')
        for path in sorted(wanted.keys() | got.keys()):
            there = wanted.get(path, _MISSING), got.get(path, _MISSING)
            if there[0] != there[1] or type(there[0]) is not type(there[1]):
                self._add(call, path, *there)

    def _compare_waits(self, real, emulated):
        """What is seen of a fast Manila is a part of what there is, in this order."""
        if real.statuses is None:
            return
        ahead = iter(emulated.statuses or [])
        if not all(status in ahead for status in real.statuses):
            text = f'{real.statuses}, and {emulated.statuses} of the emulator'
            self.found.append(f'{real.call}: {text}')

    def _add(self, call, path, wanted, got):
        for key in self._known:
            if fnmatch.fnmatchcase(call, key[0]) and fnmatch.fnmatchcase(path, key[1]):
                self.unused.discard(key)
                return
        text = f'{call}: {path} is {wanted!r}, and {got!r} of the emulator'
        self.found.append(text)


_MISSING = 'nothing'
