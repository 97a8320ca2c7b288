"""Bodies of requests: read within a limit, parsed, checked by JSON schema."""

import functools
import operator

import fastjsonschema
import orjson

from mogan_like.api import problems
from mogan_like.api import versions
from mogan_like.common import exception
from mogan_like.common.config import CONF

#: Key of the WSGI environ: the body as it came, for the idempotency hash.
ENV = 'mogan_like.body'

_DEEPEST = 32
_LARGEST = 2**63
_EXACT = 2**53
# Of a body that is too large, so many times the limit are read and dropped.
_PATIENCE = 8


def check_length(environ):
    """The length in bytes that the request says its body has, or 0.

    :raises BodyTooLarge, Invalid:
    """
    text = environ.get('CONTENT_LENGTH') or '0'
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise exception.Invalid(reason='Content-Length is not a length')
    length, limit = int(text), CONF.oslo_middleware.max_request_body_size
    if length > limit:
        raise exception.BodyTooLarge(limit=limit)
    return length


def read(environ):
    """The JSON document in the request.

    :raises BodyTooLarge, UnsupportedMediaType, InvalidBody:
    """
    raw = environ[ENV] = _read_bytes(environ)
    if not raw:
        raise exception.InvalidBody(reason='a JSON document is required')
    content_type = environ.get('CONTENT_TYPE') or 'none'
    if content_type.partition(';')[0].strip().lower() != 'application/json':
        raise exception.UnsupportedMediaType(content_type=content_type[:64])
    return parse(raw)


def parse(raw):
    """A JSON document of bounded depth, whose values a database can keep.

    Numbers that are whole become integers, as JSON Schema sees them.

    :raises InvalidBody:
    """
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError as exc:
        raise exception.InvalidBody(reason=f'not JSON: {exc}') from None
    top = [document]
    level = [top]
    for _ in range(_DEEPEST):
        level = [inner for container in level for inner in _check(container)]
        if not level:
            return top[0]
    raise exception.InvalidBody(
        reason=f'it is nested deeper than {_DEEPEST - 1} levels'
    )


class Schema:
    """A JSON schema, or one per microversion, compiled at its first use.

    :param schema: ``{'type': ...}`` or ``{'1.1': {'type': ...}, '1.4': ...}``
    """

    def __init__(self, schema):
        if not all(key[:1].isdigit() for key in schema):
            schema = {'0.0': schema}
        self._newest_first = sorted(
            ((versions.parse(text), _Compiled(one)) for text, one in schema.items()),
            key=operator.itemgetter(0),
            reverse=True,
        )

    def get_document(self, version=None):
        """The JSON schema of a microversion, of the newest when left out.

        It is the one that is checked by: not to be changed.
        """
        return self._find(version or self._newest_first[0][0]).document

    def find_problem(self, document, version):
        """What is wrong with a document, naming the field; or None."""
        try:
            self._find(version).validate(document)
        except fastjsonschema.JsonSchemaValueException as exc:
            return problems.describe(exc)[:512]
        return None

    def _find(self, version):
        return next(check for since, check in self._newest_first if since <= version)


class _Compiled:
    def __init__(self, document):
        self.document = document

    @functools.cached_property
    def validate(self):
        # Defaults would be written into the document behind the caller's back.
        return fastjsonschema.compile(
            self.document, formats=problems.FORMATS, use_default=False
        )


def _read_bytes(environ):
    length = check_length(environ)
    stream = environ['wsgi.input']
    try:
        if length or not _is_terminated(environ):
            return _read_known(stream, length)
        return _read_chunks(stream)
    except (OSError, ValueError):
        # ValueError: cheroot's word for a chunk that is none.
        raise exception.InvalidBody(reason='it broke off') from None


def _is_terminated(environ):
    """True when the server ends the stream, so that no length is needed."""
    return 'chunked' in environ.get(
        'HTTP_TRANSFER_ENCODING', ''
    ).lower() or environ.get('wsgi.input_terminated', False)


def _read_known(stream, length):
    raw = stream.read(length) if length else b''
    if len(raw) < length:
        raise exception.InvalidBody(reason='it is shorter than Content-Length')
    return raw


def _read_chunks(stream):
    limit = CONF.oslo_middleware.max_request_body_size
    parts, size = [], 0
    while part := stream.read(limit + 1 - size):
        parts.append(part)
        size += len(part)
        if size > limit:
            _discard(stream, limit)
            raise exception.BodyTooLarge(limit=limit)
    return b''.join(parts)


def _discard(stream, limit):
    """Read on for a while: who is still sending does not see the answer."""
    left = _PATIENCE * limit
    while left > 0 and (part := stream.read(min(limit, left))):
        left -= len(part)


def _check(container):
    """Check the values of a list or object; its inner lists and objects."""
    if isinstance(container, dict):
        for key in container:
            _check_text(key)
        pairs = container.items()
    else:
        pairs = enumerate(container)
    inner = []
    for key, value in pairs:
        if isinstance(value, (dict, list)):
            inner.append(value)
        elif isinstance(value, str):
            _check_text(value)
        elif isinstance(value, (int, float)):
            container[key] = _normalize(value)
    return inner


def _check_text(text):
    # PostgreSQL cannot keep it, and MariaDB and SQLite would.
    if '\0' in text:
        raise exception.InvalidBody(reason='it has a NUL character')


def _normalize(number):
    # An integer of more than 64 bits arrives as a float that is near it.
    most = _LARGEST if isinstance(number, int) else _EXACT
    whole = isinstance(number, int) or number.is_integer()
    if whole and not -most <= number < most:
        raise exception.InvalidBody(reason='a number is beyond 64 bits')
    return int(number) if whole and not isinstance(number, bool) else number
