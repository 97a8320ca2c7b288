"""A bank in a bucket of S3 or what speaks like it, through boto3."""

import contextlib
import itertools
import threading

import boto3
from botocore import config
from botocore import exceptions
import orjson
from oslo_config import cfg
from oslo_log import log

from mogan_like.common import exception
from mogan_like.protection.banks import base
from mogan_like.protection.banks import walk

LOG = log.getLogger(__name__)

# S3's own limit of one listing.
_PAGE = 1000
_NO_KEY = ('NoSuchKey', '404')
_NO_BUCKET = 'NoSuchBucket'


class S3Bank(base.Bank):
    """Documents as objects; a PUT is all of one or nothing."""

    options = [
        cfg.StrOpt('endpoint_url', help="URL of the service; Amazon's, if not set."),
        cfg.StrOpt('region_name', default='us-east-1', help='Region of the bucket.'),
        cfg.StrOpt('bucket', default='mogan-like', help='Made when it is not there.'),
        cfg.StrOpt('access_key', help="Without it boto3's own places are looked at."),
        cfg.StrOpt('secret_key', secret=True, help='Belongs to access_key.'),
        cfg.IntOpt(
            'timeout', default=30, min=1, max=3600, help='Seconds without an answer.'
        ),
    ]

    def __init__(self, own=None):
        super().__init__(own)
        self._made = None
        self._lock = threading.Lock()

    def put(self, key, document):
        """Store the object, and the bucket before it."""
        base.check_key(key)
        body = orjson.dumps(document)
        try:
            self._ask('put_object', Key=key, Body=body)
        except exception.BankKeyNotFound:
            self._make_bucket()
            self._ask('put_object', Key=key, Body=body)

    def get(self, key):
        """Fetch the object."""
        base.check_key(key)
        answer = self._ask('get_object', Key=key)
        with _failing(key):
            content = answer['Body'].read()
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise exception.BankFailed(reason=f'{key} is damaged.') from error

    def delete(self, key):
        """Delete the object."""
        base.check_key(key)
        with contextlib.suppress(exception.BankKeyNotFound):
            self._ask('delete_object', Key=key)

    def list(self, prefix, marker=None, limit=None, descending=False):
        """Names of objects, as many as are needed at a time.

        S3 has one order only: descending, each folder on the way is listed as a
        whole.
        """
        base.check_prefix(prefix)
        if descending:
            keys = walk.list_keys(self._list_folder, prefix, marker, descending)
        else:
            keys = self._list_ascending(prefix, marker, limit or _PAGE)
        return list(itertools.islice(keys, limit))

    def _list_ascending(self, prefix, marker, size):
        while True:
            wanted = {'Prefix': prefix, 'MaxKeys': min(size, _PAGE)}
            if marker is not None:
                wanted['StartAfter'] = marker
            page = self._list_page(**wanted)
            for each in page.get('Contents', ()):
                marker = each['Key']
                yield marker
            if not page.get('IsTruncated'):
                return

    def _list_folder(self, folder):
        wanted = {'Prefix': folder, 'Delimiter': '/', 'MaxKeys': _PAGE}
        while True:
            page = self._list_page(**wanted)
            for each in page.get('Contents', ()):
                yield each['Key'].removeprefix(folder), False
            for each in page.get('CommonPrefixes', ()):
                yield each['Prefix'].removeprefix(folder).rstrip('/'), True
            if not page.get('IsTruncated'):
                return
            wanted['ContinuationToken'] = page['NextContinuationToken']

    def _list_page(self, **wanted):
        try:
            return self._ask('list_objects_v2', **wanted)
        except exception.BankKeyNotFound:
            return {}

    def _ask(self, verb, **wanted):
        with _failing(wanted.get('Key', wanted.get('Prefix'))):
            return getattr(self._get_client(), verb)(
                Bucket=self.options_set.bucket, **wanted
            )

    def _make_bucket(self):
        region = self.options_set.region_name
        # Of this one S3 does not want to be told.
        place = {'CreateBucketConfiguration': {'LocationConstraint': region}}
        with _failing(self.options_set.bucket):
            self._get_client().create_bucket(
                Bucket=self.options_set.bucket,
                **({} if region == 'us-east-1' else place),
            )

    def _get_client(self):
        # Sessions of boto3 may not be used by two threads, its clients may.
        with self._lock:
            if self._made is None:
                self._made = self._make_client()
            return self._made

    def _make_client(self):
        chosen = self.options_set
        settings = config.Config(
            connect_timeout=chosen.timeout,
            read_timeout=chosen.timeout,
            retries={'total_max_attempts': 2},
            s3={'addressing_style': 'path' if chosen.endpoint_url else 'auto'},
            # Services that are not Amazon's know no others.
            request_checksum_calculation='when_required',
            response_checksum_validation='when_required',
        )
        return boto3.session.Session().client(
            's3',
            endpoint_url=chosen.endpoint_url,
            region_name=chosen.region_name,
            aws_access_key_id=chosen.access_key,
            aws_secret_access_key=chosen.secret_key,
            config=settings,
        )


@contextlib.contextmanager
def _failing(key):
    try:
        yield
    except exceptions.ClientError as error:
        code = error.response.get('Error', {}).get('Code')
        if code in (*_NO_KEY, _NO_BUCKET):
            raise exception.BankKeyNotFound(key=key) from error
        LOG.error('S3 answers %s for %s', code, key)
        raise exception.BankFailed(reason=f'S3 answers {code}.') from error
    except (exceptions.BotoCoreError, exceptions.HTTPClientError, OSError) as error:
        LOG.error('A bank in S3 fails: %s', error)
        raise exception.BankFailed(reason='S3 does not answer.') from error
