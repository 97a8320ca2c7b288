"""The Manila of the story, as the owner of its shares sees it."""

import configparser
from pathlib import Path

from client import as_curl
from client import exchange
from client import tell
from client import wait_until

_VERSION = 'X-OpenStack-Manila-API-Version: 2.73'
#: In the service's state, when it was started with a Manila to play with.
CONFIG = 'demo/mogan_like.conf'


class Manila:
    """Requests of one user, whose name is the token, as without Keystone.

    :param account: of the service's user: user_id, project_id
    """

    def __init__(self, url, account):
        self.url = url
        self._token = f'{account["user_id"]}:{account["project_id"]}'

    def send(self, method, path, body=None):
        """The Answer to one request.

        :raises OSError: when nobody listens there
        """
        name, _, version = _VERSION.partition(': ')
        headers = {'X-Auth-Token': self._token, name: version}
        return exchange(self.url, method, path, body, headers)

    def introduce(self):
        """Print how the commands that are shown name who asks."""
        print(f'$ TOKEN={self._token}\n')

    def show(self, method, path, body=None, expect=200, keep=None, only=None):
        """Send a request, print it and its answer, as Service.show does."""
        words = ['-H "X-Auth-Token: $TOKEN"', f"-H '{_VERSION}'"]
        print(as_curl(words, method, self.url + path, body))
        return tell(self.send(method, path, body), expect, keep, only)

    def wait_for(self, path, status):
        """Wait until what a path shows is in a status; returns it."""

        def is_done(answer):
            return answer.status == 200 and _unwrap(answer)['status'] == status

        return _unwrap(wait_until(status, lambda: self.send('GET', path), is_done))

    def wait_until_gone(self, path):
        """Wait until a path shows nothing more."""
        wait_until(
            'gone', lambda: self.send('GET', path), lambda answer: answer.status == 404
        )

    def find_folder(self, share_id):
        """The directory that has the files of a share."""
        answer = self.send('GET', f'/shares/{share_id}/export_locations')
        return Path(answer.body['export_locations'][0]['path'])


def find(state_dir, account):
    """The Manila that the service was started with; None without one."""
    config = configparser.ConfigParser()
    config.read(Path(state_dir, CONFIG))
    url = config.get('manila', 'endpoint_override', fallback=None)
    if url is None:
        return None
    found = Manila(url, account)
    try:
        found.send('GET', '/shares?limit=1')
    except OSError:
        # Of a start that did not end as it should.
        return None
    return found


def _unwrap(answer):
    (found,) = answer.body.values()
    return found
