"""How requests are sent, and what makes it safe to send one again."""

import re
import uuid

from keystoneauth1 import adapter
import requests
from requests import structures

KEY = 'Idempotency-Key'
#: What is sent by POST and is no creation: a key would change nothing.
_VERB = re.compile(r'/action$')


class Sender(adapter.Adapter):
    """Below openstacksdk's proxy: its caches and statistics see none of this."""

    def request(self, url, method, headers=None, **kwargs):
        """As of keystoneauth, with the key that makes it safe to send it again."""
        headers = structures.CaseInsensitiveDict(headers or {})
        if method.upper() == 'POST':
            if _VERB.search(url):
                kwargs.setdefault('connect_retries', 0)
                kwargs.setdefault('status_code_retries', 0)
            else:
                headers.setdefault(KEY, str(uuid.uuid4()))
        kwargs['hooks'] = {'response': _read}
        return super().request(url, method, headers=headers, **kwargs)


def _read(answer, **_kwargs):
    """Read an answer while one that is cut short still counts as a lost one.

    Requests does it by itself, and where nobody sends anything again.

    :raises ConnectionError: of requests
    """
    try:
        len(answer.content)
    except requests.exceptions.ChunkedEncodingError as exc:
        raise requests.ConnectionError(f'the answer was cut short: {exc}') from exc
