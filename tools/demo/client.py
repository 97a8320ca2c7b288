"""The service as the people of the stories see it; what they do is shown."""

import base64
import dataclasses
import http.client
import json
import shlex
import time
import urllib.parse

VERSION_HEADER = 'OpenStack-API-Version'
NEWEST = 'baremetal-compute 1.6'
IMAGE = 'b8a5b6f0-6f0e-4f0b-9a3c-0d6f7c1f2e11'
#: What is shown of an action; it has more.
ACTION_FIELDS = ('action', 'request_id', 'user_id', 'started_at', 'result', 'message')
#: Seconds for a start, a build or a delete; with the fake driver it takes none.
PATIENCE = 60


class UnexpectedError(Exception):
    """The service did not do what the story says."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came back: status, headers, and the body read as JSON, or None."""

    status: int
    headers: dict
    body: object


class Service:
    """The service as its two users see it."""

    def __init__(self, url, accounts):
        self.url = url
        self.accounts = accounts

    def name_of(self, user_id):
        """The name of the user with this id."""
        by_id = {row['user_id']: name for name, row in self.accounts.items()}
        return by_id.get(user_id, user_id)

    def send(self, user, method, path, body=None, version=NEWEST):
        """The Answer to one request.

        :param user: a name, or None to ask without one
        :raises OSError: when nobody listens there
        :raises ValueError: when somebody else does, who does not speak JSON
        """
        headers = {VERSION_HEADER: version}
        if user:
            pair = f'{user}:{self.accounts[user]["password"]}'.encode()
            headers['Authorization'] = 'Basic ' + base64.b64encode(pair).decode()
        return exchange(self.url, method, path, body, headers)

    def show(self, user, method, path, body=None, expect=200, keep=None, only=None):
        """Send a request, print it and its answer.

        :param keep: names of the fields to show of each item in a list
        :param only: names of the fields to show of the one object in the answer
        :returns: Answer
        :raises UnexpectedError: when its status is not the expected one
        """
        print(self.as_curl(user, method, path, body))
        return tell(self.send(user, method, path, body), expect, keep, only)

    def as_curl(self, user, method, path, body):
        """The request as a command to type."""
        words = [f'-u "${user.upper()}"', f"-H '{VERSION_HEADER}: {NEWEST}'"]
        return as_curl(words, method, self.url + path, body)

    def sum_up(self, actions):
        """Print who did what, first to last."""
        for action in reversed(actions):
            who = self.name_of(action['user_id'])
            cause = '' if action['cause'] == 'user' else f'  ({action["cause"]})'
            print(f'  {who:<5} {action["action"]:<6} {action["result"]}{cause}')
        print()

    def wait_until(self, what, path, done):
        """Ask until ``done(answer)``; the last Answer.

        :raises UnexpectedError: when that takes longer than PATIENCE seconds
        """
        return wait_until(what, lambda: self.send('demo', 'GET', path), done)


def exchange(url, method, path, body, headers):
    """The Answer to one request.

    :raises OSError: when nobody listens there
    :raises ValueError: when somebody else does, who does not speak JSON
    """
    data = None if body is None else json.dumps(body)
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    headers = {'Content-Type': 'application/json', **headers}
    try:
        connection.request(method, parts.path + path, data, headers)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    body = json.loads(content) if content else None
    return Answer(response.status, dict(response.headers), body)


def tell(answer, expect, keep=None, only=None):
    """Print an answer, and return it.

    :raises UnexpectedError: when its status is not the expected one
    """
    print(f'{answer.status} {http.client.responses[answer.status]}')
    if answer.body is not None:
        print(json.dumps(trim(pick(answer.body, only), keep), indent=2))
    print()
    if answer.status != expect:
        raise UnexpectedError(f'{expect} was expected, not {answer.status}')
    return answer


def as_curl(words, method, url, body):
    """A request as a command to type."""
    first, *rest = words
    parts = [f'$ curl {first}']
    if method != 'GET':
        parts[0] += f' -X {method}'
    parts += rest
    if body is not None:
        parts.append("-H 'Content-Type: application/json'")
        parts.append('-d ' + shlex.quote(json.dumps(body)))
    parts.append(shlex.quote(url))
    return ' \\\n    '.join(parts)


def wait_until(what, ask, done):
    """Ask until ``done(answer)``; the last answer.

    :raises UnexpectedError: when that takes longer than PATIENCE seconds
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = ask()
        if done(answer):
            return answer
        time.sleep(0.05)
    raise UnexpectedError(f'not {what} after {PATIENCE} seconds: {answer}')


def pick(body, only):
    """The body with some fields of the one object that it wraps."""
    if only is None:
        return body
    ((name, value),) = body.items()
    return {name: {key: value[key] for key in only if key in value}}


def trim(value, keep=None):
    """The value without links and what is empty; of items in lists what to keep."""
    if isinstance(value, dict):
        kept = {key: trim(item, keep) for key, item in value.items() if key != 'links'}
        return {key: item for key, item in kept.items() if item not in (None, {}, [])}
    if isinstance(value, list) and keep:
        return [trim({key: item[key] for key in keep}) for item in value]
    return value


def say(number, sentence):
    """Print a step's heading."""
    print(f'-- {number}. {sentence}\n')
