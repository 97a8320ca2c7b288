"""An object store on loopback that speaks Swift and S3, for their real clients.

Objects are bytes in memory. Swift is below ``/v1/AUTH_test``, the rest is S3 with
the bucket in the path. Signatures and tokens are not checked.
"""

import json
import threading
from urllib import parse
from xml.sax import saxutils

import fixtures

from tests.emulators import loopback

_SWIFT = '/v1/AUTH_test'
_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'


class ObjectStore(fixtures.Fixture):
    """Buckets and containers, by one name space.

    :ivar url: of the server
    :ivar buckets: {name: {key: bytes}}
    :ivar answers: statuses that the next requests are answered with, instead of
        being done; 'close' closes the connection, 'done' does it and then closes,
        'hang' answers nothing until the end of the test
    :ivar requests: [(method, path with query)] that came
    """

    def _setUp(self):
        self.buckets = {}
        self.answers = []
        self.requests = []
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.addCleanup(self.ended.set)
        self.url = loopback.serve(self, _Handler)
        self.swift_url = self.url + _SWIFT


class _Handler(loopback.Handler):
    # Head and body in one packet.
    wbufsize = -1

    def handle_one(self):
        url = parse.urlsplit(self.path)
        body = self.read_body()
        with self.fixture.lock:
            self.fixture.requests.append((self.command, self.path))
            answer = self._decide(url, body)
        if answer == 'hang':
            self.fixture.ended.wait()
        if isinstance(answer, str):
            self.close_connection = True
        else:
            self.answer(*answer)

    do_GET = do_PUT = do_DELETE = do_HEAD = handle_one

    def handle_expect_100(self):
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def _decide(self, url, body):
        """(status, content), or 'close' or 'hang'."""
        wanted = self.fixture.answers.pop(0) if self.fixture.answers else None
        if isinstance(wanted, int):
            return wanted, b''
        if wanted in ('close', 'hang'):
            return wanted
        query = dict(parse.parse_qsl(url.query, keep_blank_values=True))
        is_swift = url.path.startswith(_SWIFT)
        path = parse.unquote(url.path.removeprefix(_SWIFT)).lstrip('/')
        answer = self._do(is_swift, path, query, body)
        return 'close' if wanted == 'done' else answer

    def _do(self, is_swift, path, query, body):
        name, _, key = path.partition('/')
        missing = 'NoSuchKey' if key else 'NoSuchBucket'
        if self.command == 'PUT' and not key:
            self.fixture.buckets.setdefault(name, {})
            return 201 if is_swift else 200, b''
        if name not in self.fixture.buckets:
            return _refuse(is_swift, 'NoSuchBucket')
        bucket = self.fixture.buckets[name]
        if self.command == 'PUT':
            bucket[key] = body
            return 201 if is_swift else 200, b''
        if not key:
            return _list_swift(bucket, query) if is_swift else _list_s3(bucket, query)
        if self.command == 'DELETE':
            found = bucket.pop(key, None)
            return _refuse(True, missing) if is_swift and found is None else (204, b'')
        return (200, bucket[key]) if key in bucket else _refuse(is_swift, missing)


def _refuse(is_swift, code):
    error = f'<Error><Code>{code}</Code><Message>none</Message></Error>'
    return 404, b'' if is_swift else error.encode()


def _list_swift(bucket, query):
    reverse = query.get('reverse') == 'on'
    keys = sorted((k for k in bucket if k.startswith(query['prefix'])), reverse=reverse)
    marker = query.get('marker')
    if marker:
        keys = [k for k in keys if (k < marker if reverse else k > marker)]
    return 200, json.dumps([{'name': k} for k in keys[: int(query['limit'])]]).encode()


def _list_s3(bucket, query):
    prefix, delimiter = query.get('prefix', ''), query.get('delimiter')
    after = query.get('continuation-token') or query.get('start-after', '')
    entries = set()
    for key in bucket:
        head, found, _ = key[len(prefix) :].partition(delimiter or '\0')
        if key.startswith(prefix):
            entries.add(prefix + head + found)
    left = sorted(each for each in entries if each > after)
    page = left[: int(query['max-keys'])]
    lines = [f'<ListBucketResult xmlns="{_NAMESPACE}">']
    for each in page:
        text = saxutils.escape(each)
        lines.append(
            f'<CommonPrefixes><Prefix>{text}</Prefix></CommonPrefixes>'
            if delimiter and each.endswith(delimiter)
            else f'<Contents><Key>{text}</Key></Contents>'
        )
    if len(page) < len(left):
        last = saxutils.escape(page[-1])
        lines.append('<IsTruncated>true</IsTruncated>')
        lines.append(f'<NextContinuationToken>{last}</NextContinuationToken>')
    return 200, ''.join([*lines, '</ListBucketResult>']).encode()
