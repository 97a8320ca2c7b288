"""Requests, as many as fit in a while (wrk) or one by one."""

import dataclasses
import http.client
import json
from pathlib import Path
import subprocess
import time

import orjson

from tools.bench import processes

_SCRIPT = Path(__file__).with_name('wrk.lua')
#: A worker that had less CPU than this in a moment is done with what was left.
_IDLE = 0.002
_MOMENT = 0.05


@dataclasses.dataclass(frozen=True)
class Load:
    """What wrk sends, over and over.

    :ivar requests: pairs of a path and a body, or None for a GET; sent in turn
    :ivar method: of those with a body
    :ivar connections: how many clients send at once
    """

    requests: list
    method: str = 'GET'
    connections: int = 4


@dataclasses.dataclass(frozen=True)
class Cost:
    """What requests cost.

    :ivar cpu: milliseconds of the worker's CPU each
    :ivar p50: milliseconds, by the client's clock
    """

    cpu: float
    p50: float


def run(server, load, token, seconds):
    """Send a load to a server for a while.

    :returns: the cost
    :raises RuntimeError: when an answer was an error, or there was none
    """
    worker = server.worker
    _await_idle(worker)
    before = processes.read_cpu(worker)
    result = _run_wrk(server.port, load, token, seconds)
    spent = processes.read_cpu(worker) - before
    if result['errors'] or not result['requests']:
        raise RuntimeError(f'{load.requests[0][0]}: {result}')
    return Cost(spent * 1000 / result['requests'], result['p50'] / 1000)


def _run_wrk(port, load, token, seconds):
    argv = ['wrk', '-t1', f'-c{load.connections}', f'-d{seconds}s', '--timeout=30s']
    argv += ['-H', f'X-Auth-Token: {token}', '-H', 'Content-Type: application/json']
    argv += ['-s', _SCRIPT, f'http://{processes.HOST}:{port}', '--', load.method]
    for path, body in load.requests:
        argv += [path, '' if body is None else json.dumps(body)]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _await_idle(worker):
    """Wait until the worker is done with what a former run has left."""
    before, now = 0, processes.read_cpu(worker)
    while now - before > _IDLE:
        time.sleep(_MOMENT)
        before, now = now, processes.read_cpu(worker)


class Client:
    """Sends requests one by one over one connection."""

    def __init__(self, server, token):
        self._connection = http.client.HTTPConnection(
            processes.HOST, server.port, timeout=60
        )
        self._headers = {
            'X-Auth-Token': token,
            'OpenStack-API-Version': 'baremetal-compute latest',
            'Content-Type': 'application/json',
        }

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self._connection.close()

    def get(self, path):
        """The answer's body, read as JSON."""
        return orjson.loads(self.send('GET', path))

    def send(self, method, path, body=None):
        """The answer's body as it came.

        :raises RuntimeError: when it is an error
        """
        content = None if body is None else orjson.dumps(body)
        self._connection.request(method, path, content, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201, 202):
            raise RuntimeError(f'{path}: {answer.status} {text[:500]}')
        return text
