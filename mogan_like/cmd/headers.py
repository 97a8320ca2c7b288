"""The header lines of a request, read as RFC 9110 and RFC 9112 want it."""

import re

from mogan_like.api.auth import identity

_LINE = re.compile(
    # One way to match only: blanks are stripped afterwards, or a line of them would
    # be tried in as many ways as it has.
    rb"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):"
    rb'(?P<value>[\t\x20-\x7e\x80-\xff]*)\r\n'
)

#: A length of so many is of no body.
_DIGITS = 19


def _name(variable):
    return variable.removeprefix('HTTP_').replace('_', '-').title().encode()


#: Those with one value: of two, a proxy may have looked at the other one.
_SINGLE = frozenset(
    (
        b'Content-Length',
        b'Content-Type',
        b'Host',
        b'Idempotency-Key',
        *map(_name, identity.PROOFS),
    )
)


def read(rfile, protocol):
    """The headers of a request, ``{b'X-Auth-Token': value}``.

    Lines of one name are a list (RFC 9110, 5.3), but for those that have one value.

    :param rfile: the connection, behind the request line
    :param protocol: ``b'HTTP/1.1'``, or 1.0
    :raises ValueError: what is wrong, in words for the client
    """
    headers = {}
    while (line := rfile.readline()) != b'\r\n':
        name, value = _parse(line)
        if b'_' in name:
            # WSGI does not tell it from a dash: it could pass for what a proxy says.
            continue
        if name in headers:
            if name in _SINGLE:
                raise ValueError(f'{name.decode()} is given more than once.')
            value = b', '.join(filter(None, (headers[name], value)))
        headers[name] = value
    _check_length(headers, protocol)
    if b'Host' not in headers and protocol == b'HTTP/1.1':
        raise ValueError('Host is required.')
    return headers


def _parse(line):
    if not line:
        raise ValueError('The end of the headers is missing.')
    if not line.endswith(b'\r\n'):
        raise ValueError('HTTP requires CRLF terminators.')
    found = _LINE.fullmatch(line)
    if found is None:
        # Folded ones too, which RFC 9112, 5.2 lets a server refuse.
        raise ValueError('Malformed header line.')
    return found['name'].title(), found['value'].strip(b' \t')


def _check_length(headers, protocol):
    """Refuse what leaves in doubt where the body ends (RFC 9112, 6)."""
    length = headers.get(b'Content-Length')
    if length is not None and not (length.isdigit() and len(length) < _DIGITS):
        raise ValueError('Malformed Content-Length.')
    codings = headers.get(b'Transfer-Encoding')
    if codings is None:
        return
    if length is not None:
        raise ValueError('There are both Content-Length and Transfer-Encoding.')
    if protocol != b'HTTP/1.1':
        raise ValueError('There is no Transfer-Encoding in HTTP/1.0.')
    if codings.lower().count(b'chunked') > 1:
        raise ValueError('The body is chunked twice.')
