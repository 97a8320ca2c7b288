"""A bank in a container of Swift, through openstacksdk."""

import contextlib

from keystoneauth1 import exceptions as ksa_exceptions
import openstack
from openstack import exceptions
import orjson
from oslo_config import cfg
from oslo_log import log

from mogan_like.common import exception
from mogan_like.protection.banks import base

LOG = log.getLogger(__name__)

# Swift's own limit of one listing.
_PAGE = 10000
_FAILURES = (exceptions.SDKException, ksa_exceptions.ClientException, OSError)


class SwiftBank(base.Bank):
    """Documents as objects; a PUT is all of one or nothing.

    Listings of Swift may be behind by some seconds.
    """

    options = [
        cfg.StrOpt('cloud', required=True, help='Its name in clouds.yaml.'),
        cfg.StrOpt(
            'clouds_file', help="clouds.yaml; openstacksdk's places, if not set."
        ),
        cfg.StrOpt(
            'container', default='mogan-like', help='Made when it is not there.'
        ),
        cfg.IntOpt(
            'timeout', default=30, min=1, max=3600, help='Seconds without an answer.'
        ),
    ]

    def __init__(self, own=None):
        super().__init__(own)
        self._connected = None

    def put(self, key, document):
        """Store the object, and the container before it."""
        base.check_key(key)
        body = orjson.dumps(document)
        answer = self._ask('PUT', key, data=body)
        if answer.status_code == 404:
            self._expect(self._ask('PUT', ''), key)
            answer = self._ask('PUT', key, data=body)
        self._expect(answer, key)

    def get(self, key):
        """Fetch the object."""
        base.check_key(key)
        answer = self._ask('GET', key)
        if answer.status_code == 404:
            raise exception.BankKeyNotFound(key=key)
        self._expect(answer, key)
        try:
            return orjson.loads(answer.content)
        except orjson.JSONDecodeError as error:
            raise exception.BankFailed(reason=f'{key} is damaged.') from error

    def delete(self, key):
        """Delete the object."""
        base.check_key(key)
        answer = self._ask('DELETE', key)
        if answer.status_code != 404:
            self._expect(answer, key)

    def list(self, prefix, marker=None, limit=None, descending=False):
        """Names of objects, as many as are needed at a time."""
        base.check_prefix(prefix)
        found = []
        while limit is None or len(found) < limit:
            wanted = _PAGE if limit is None else min(_PAGE, limit - len(found))
            page = self._list_page(prefix, marker, wanted, descending)
            found += page
            if len(page) < wanted:
                break
            marker = page[-1]
        return found

    def _list_page(self, prefix, marker, limit, descending):
        params = {'format': 'json', 'prefix': prefix, 'limit': limit}
        if marker is not None:
            params['marker'] = marker
        if descending:
            params['reverse'] = 'on'
        answer = self._ask('GET', '', params=params)
        if answer.status_code == 404:
            return []
        self._expect(answer, prefix)
        try:
            return [each['name'] for each in orjson.loads(answer.content or b'[]')]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise exception.BankFailed(reason='a listing is damaged.') from error

    def _ask(self, method, key, **kwargs):
        with _failing():
            if self._connected is None:
                self._connected = self._connect()
            url = f'/{self.options_set.container}' + (f'/{key}' if key else '')
            return self._connected.object_store.request(
                url, method, raise_exc=False, timeout=self.options_set.timeout, **kwargs
            )

    def _connect(self):
        chosen = {}
        if self.options_set.clouds_file:
            chosen['config_files'] = [self.options_set.clouds_file]
        config = openstack.config.OpenStackConfig(**chosen)
        cloud = config.get_one(self.options_set.cloud)
        return openstack.connection.Connection(config=cloud)

    def _expect(self, answer, key):
        if answer.status_code >= 300:
            LOG.error('Swift answers %s for %s', answer.status_code, key)
            raise exception.BankFailed(reason=f'Swift answers {answer.status_code}.')


@contextlib.contextmanager
def _failing():
    try:
        yield
    except _FAILURES as error:
        LOG.error('A bank in Swift fails: %s', error)
        raise exception.BankFailed(reason='Swift does not answer.') from error
