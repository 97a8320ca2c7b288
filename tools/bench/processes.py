"""Servers started for a run, and what the kernel says they cost."""

import http.client
import os
from pathlib import Path
import re
import subprocess
import sys
import time

from tests import fixtures

HOST = '127.0.0.1'
SCRIPTS = Path(sys.executable).parent


class Process:
    """A program that ends with the block it is used in.

    :param argv: the program, looked for beside this Python, and its arguments
    :param log: the file that gets what it prints
    """

    def __init__(self, argv, log, **environ):
        self._argv = [SCRIPTS / argv[0], *argv[1:]]
        self._log = log
        self._environ = {**os.environ, **environ}

    def __enter__(self):
        with open(self._log, 'ab') as log:
            self._process = subprocess.Popen(
                self._argv, env=self._environ, stdout=log, stderr=log
            )
        return self

    def __exit__(self, *_exc):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self):
        """Its process id."""
        return self._process.pid

    def check(self):
        """Raise with what it printed, if it has ended.

        :raises RuntimeError:
        """
        if self._process.poll() is not None:
            raise RuntimeError(f'{self._argv[0].name}: {self._log.read_text()[-4000:]}')


class WebServer(Process):
    """Gunicorn with one worker of four threads, once it answers.

    :ivar started: seconds from its start to its first answer
    """

    def __init__(self, application, port, log, **environ):
        argv = ['gunicorn', '--workers=1', '--worker-class=gthread', '--threads=4']
        argv += ['--keep-alive=3600', '--no-control-socket', f'--bind={HOST}:{port}']
        super().__init__([*argv, application], log, **environ)
        self.port = port

    def __enter__(self):
        begun = time.monotonic()
        super().__enter__()
        try:
            fixtures.wait_until(self._answers, f'{self._log} to answer', 60)
        except BaseException:
            self.__exit__()
            raise
        self.started = time.monotonic() - begun
        return self

    @property
    def worker(self):
        """The process id of the worker."""
        children = Path(f'/proc/{self.pid}/task/{self.pid}/children').read_text()
        return int(children.split()[0])

    def _answers(self):
        self.check()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request('GET', '/')
            return connection.getresponse().status
        except OSError:
            return False
        finally:
            connection.close()


def read_cpu(*pids, threads=()):
    """Seconds of CPU that these processes and single threads have had.

    From the scheduler, to the nanosecond: ``/proc/PID/stat`` counts in
    hundredths of a second.
    """
    paths = [path for pid in pids for path in Path(f'/proc/{pid}/task').iterdir()]
    paths += [Path(f'/proc/{thread}') for thread in threads]
    return sum(int((path / 'schedstat').read_text().split()[0]) for path in paths) / 1e9


def read_memory(pid):
    """MiB of a process that are in memory."""
    status = Path(f'/proc/{pid}/status').read_text()
    return int(re.search(r'VmRSS:\s+(\d+)', status).group(1)) / 1024
