"""Console scripts as child processes, killed at the end whatever happened."""

import contextlib
import functools
import glob
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile

import fixtures
from testtools import content
from testtools import content_type

from tests import preloaded
from tests.fixtures import wait_until

#: Of a start on a machine that has better things to do.
PATIENCE = 60


def find_script(name):
    """The path of a console script of this environment."""
    return os.path.join(os.path.dirname(sys.executable), name)


def make_environment(**values):
    """The environment of a child: as an operator's, plus these values."""
    # Without compiled modules a start takes three times as long; without buffers
    # nothing is left to be written at the end, which may fail.
    drop = ('PYTHONDONTWRITEBYTECODE', 'PYTHONUNBUFFERED', 'MOGAN_LIKE_CONFIG', 'OS_')
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(drop)
    }
    return {**kept, **values}


def find_port():
    """A port that nobody listens on.

    It is of a range that the kernel does not hand out to clients.
    """
    while True:
        port = random.randrange(18000, 30000)
        with socket.socket() as sock, contextlib.suppress(OSError):
            sock.bind(('127.0.0.1', port))
            return port


def write_config(path, options):
    """Write a configuration file of options named ``group__name``."""
    groups = {}
    for key, value in options.items():
        group, _, name = key.rpartition('__')
        groups.setdefault(group or 'DEFAULT', []).append(f'{name} = {value}')
    with open(path, 'w', encoding='utf-8') as file:
        for group, lines in groups.items():
            file.write('\n'.join([f'[{group}]', *lines, '']))
    return path


def run(*command, **kwargs):
    """Run a command to its end; a CompletedProcess with text."""
    script, *arguments = command
    return subprocess.run(
        [find_script(script), *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env=make_environment(),
        **kwargs,
    )


def run_fork(*command, cwd=None):
    """As :func:`run`, in a fork of a process that has the script's modules."""
    script, *arguments = command
    with tempfile.TemporaryFile('w+') as output, tempfile.TemporaryFile('w+') as error:
        files = (output, error)
        child = _Forked(
            get_nursery(),
            find_script(script),
            arguments,
            make_environment(),
            cwd,
            *files,
        )
        try:
            wait_until(
                lambda: child.get_status() is not None, f'{command} to end', PATIENCE
            )
        finally:
            if child.get_status() is None:
                os.killpg(child.pid, signal.SIGKILL)
            status = child.get_status()
            child.reap()
        for file in files:
            file.seek(0)
        return subprocess.CompletedProcess(
            command, status, *(file.read() for file in files)
        )


#: Scripts that may be forked.
FORKED = (
    'mogan-like',
    'mogan-like-api',
    'mogan-like-conductor',
    'mogan-like-manage',
    'mogan-like-status',
)


@functools.cache
def get_nursery():
    """Of this project's own processes; their modules are imported once."""
    return preloaded.Nursery(
        FORKED,
        [
            'mogan_like.api.app',
            'mogan_like.cmd.server',
            'mogan_like.conductor.service',
            'mogan_like.db.migrations',
            'mogan_like.instances.drivers.fake',
            'mogan_like.rules',
            'oslo_messaging._drivers.impl_rabbit',
            'psycopg2',
            'pymysql',
        ],
        make_environment(),
    )


class _Executed:
    """A script as its own interpreter runs it."""

    def __init__(self, path, arguments, environment, cwd, *output):
        self._child = subprocess.Popen(
            [path, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output[0],
            stderr=output[-1],
            start_new_session=True,
            env=environment,
            cwd=cwd,
        )
        self.pid = self._child.pid

    def get_status(self):
        # WNOWAIT: until it is reaped the number of its group is its own.
        ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            return None
        exited = ended.si_code == os.CLD_EXITED
        return ended.si_status if exited else -ended.si_status

    def reap(self):
        self._child.wait(PATIENCE)


class _Forked:
    """A script as a fork."""

    def __init__(self, nursery, *how):
        self._nursery = nursery
        self.pid = nursery.start(*how)

    def get_status(self):
        return self._nursery.get_status(self.pid)

    def reap(self):
        self._nursery.reap(self.pid)


class Process(fixtures.Fixture):
    """One command, with whatever processes it starts, in a group of its own.

    :param nursery: where to fork it; without, it is executed
    :param stdout: an open file; without it, what goes there is kept, as what goes to
    :param stderr: the same
    :ivar pid: of the command itself
    """

    def __init__(self, *command, env=None, cwd=None, nursery=None, **files):
        self._command = command
        self._env = env or {}
        self._cwd = cwd
        self._files = files
        self._make = functools.partial(_Forked, nursery) if nursery else _Executed
        self._last = None

    def _setUp(self):
        script, *arguments = self._command
        self._output = self.useFixture(fixtures.TempDir()).join('output')
        with open(self._output, 'wb') as output:
            files = [self._files.get(name, output) for name in ('stdout', 'stderr')]
            self._child = self._make(
                find_script(script),
                arguments,
                make_environment(**self._env),
                self._cwd,
                *files,
            )
        self.pid = self._child.pid
        self.addCleanup(self.kill)
        self.addDetail(
            f'{script} {self.pid}',
            content.Content(
                content_type.UTF8_TEXT, lambda: [self.read_output().encode()]
            ),
        )

    def read_output(self):
        """What the command wrote so far, as text."""
        return self._read() if self._last is None else self._last[1]

    def kill(self):
        """Kill -9 the command and all that it started, at one moment."""
        if self._last is None:
            # Nobody has reaped the command, so that the number of its group is
            # still its own, even if it has ended.
            os.killpg(self.pid, signal.SIGKILL)
            wait_until(lambda: self.get_status() is not None, 'the kill', PATIENCE)
            # The file goes before a failed test is told of.
            self._last = (self.get_status(), self._read())
            self._child.reap()

    def send(self, number, pid=None):
        """Send a signal to the command itself, or to one of its children."""
        os.kill(pid or self.pid, number)

    def get_status(self):
        """The exit status, negative for a signal; None while it runs."""
        return self._child.get_status() if self._last is None else self._last[0]

    def wait(self, seconds=PATIENCE):
        """Wait for the end of the command; its status as of get_status."""
        wait_until(
            lambda: self.get_status() is not None, f'{self._command} to end', seconds
        )
        return self.get_status()

    def list_children(self):
        """The ids of the processes that the command started itself."""
        # Each belongs to the thread that started it.
        words = []
        for path in glob.glob(f'/proc/{self.pid}/task/*/children'):
            with open(path, encoding='ascii') as file:
                words += file.read().split()
        return [int(word) for word in words]

    def wait_for_output(self, text):
        """Wait until the command has written a text."""
        self.wait_for(lambda: text in self.read_output(), f'the output {text!r}')

    def wait_for_port(self, port):
        """Wait until something answers HTTP on a port of this machine."""
        self.wait_for(functools.partial(_answers, port), f'an answer on port {port}')

    def wait_for(self, true, what):
        """As wait_until, while the command runs."""

        def check():
            result = true()
            if not result and self.get_status() is not None:
                raise AssertionError(f'{self._command}: {self.read_output()}')
            return result

        return wait_until(check, what, PATIENCE)

    def _read(self):
        with open(self._output, encoding='utf-8', errors='replace') as file:
            return file.read()


def _answers(port):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=PATIENCE)
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.request('GET', '/')
        connection.getresponse().read()
        return True
    return False
