"""Console scripts in forks of a process that has imported their modules already.

Half of the time of most commands goes into imports. One process imports the modules
once, and each command is a fork of it that calls what the script calls, with
arguments, environment, output and session of its own. How a script starts by itself
is for other tests.
"""

import atexit
import gc
import importlib
from importlib import metadata
import json
import os
import signal
import socket
import subprocess
import sys
import threading

import stevedore

#: Bytes of a request: arguments and an environment.
_MOST = 2**20


class Nursery:
    """A process with the modules of some scripts, and its forks.

    :param scripts: names of console scripts of this environment
    :param modules: that the scripts import later
    :param environment: that the modules are imported in
    :param python: the interpreter that has them
    """

    def __init__(self, scripts, modules, environment, python=sys.executable):
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [
                    python,
                    '-m',
                    __spec__.name,
                    str(theirs.fileno()),
                    ','.join(scripts),
                    ','.join(modules),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
            )
        atexit.register(self.end)

    def start(self, path, arguments, environment, cwd, *output):
        """Fork one; its process id, which is that of its session, too.

        :param path: of the script
        :param output: an open file for all it prints, or one for stderr besides
        """
        return self._ask('start', output, path, arguments, environment, cwd)

    def get_status(self, pid):
        """The exit status, negative for a signal; None while it runs."""
        return self._ask('get_status', (), pid)

    def reap(self, pid):
        """Wait until it has ended, and forget it."""
        return self._ask('reap', (), pid)

    def _ask(self, verb, files, *arguments):
        request = json.dumps([verb, *arguments]).encode()
        with self._lock:
            socket.send_fds(self._socket, [request], [file.fileno() for file in files])
            answer = self._socket.recv(_MOST)
        if not answer:
            raise RuntimeError(f'{self._process.args} has ended')
        return json.loads(answer)

    def end(self):
        """End the process; its forks go on."""
        self._socket.close()
        self._process.wait()


class _Arguments(list):
    """sys.argv of a process that has none yet.

    ``def main(argv=sys.argv[1:])`` is given, at import, a list that is filled later.
    """

    def __init__(self):
        super().__init__([''])
        self.later = []

    def __getitem__(self, index):
        return self.later if index == slice(1, None) else super().__getitem__(index)


class _Forks:
    """The other side: what a Nursery asks for."""

    def __init__(self, mains):
        self._mains = mains

    def serve(self, sock):
        """Answer until there is nobody; in a fork: what it has to call."""
        while True:
            request, files, *_ = socket.recv_fds(sock, _MOST, 2)
            if not request:
                return None
            verb, *arguments = json.loads(request)
            answer = getattr(self, verb)(*arguments, *files)
            if callable(answer):
                sock.close()
                return answer
            sock.send(json.dumps(answer).encode())

    def start(self, path, arguments, environment, cwd, *output):
        main = self._mains[os.path.basename(path)]
        begun, begin = os.pipe()
        pid = os.fork()
        if pid:
            for number in output:
                os.close(number)
            os.close(begin)
            # Until it leads a group that can be killed.
            os.read(begun, 1)
            os.close(begun)
            return pid
        os.setsid()
        os.close(begin)
        os.close(begun)
        os.dup2(output[0], 1)
        os.dup2(output[-1], 2)
        for number in output:
            os.close(number)
        # As at a terminal: whoever runs tests in the background has it ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(environment)
        if cwd:
            os.chdir(cwd)
        sys.argv.later.extend(arguments)
        sys.argv = [path, *arguments]
        own = environment.get('PYTHONPATH')
        sys.path[1:1] = own.split(os.pathsep) if own else []
        return main

    @staticmethod
    def get_status(pid):
        # WNOWAIT: until it is reaped the number is its own.
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            return None
        exited = ended.si_code == os.CLD_EXITED
        return ended.si_status if exited else -ended.si_status

    @staticmethod
    def reap(pid):
        os.waitpid(pid, 0)


class _End:
    """The end of a fork: all that Python does, but for taking the modules apart.

    That touches all of the memory, which is shared as long as nobody writes to it,
    and is half of what a short command costs.
    """

    def __init__(self):
        self._status = None

    def __call__(self):
        # After all threads, and as the last that was registered to be called.
        if self._status is None:
            return
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            # Python tells of it, and ends with a status of its own.
            return
        os._exit(self._status)

    def note(self, code):
        """Take over what sys.exit was given, but for a text, which Python prints."""
        if isinstance(code, int | None):
            self._status = (code or 0) & 0xFF


def _load(scripts, modules):
    """{name of a script: what it calls}, with everything imported."""
    # As for a script: where it is, and not where the tests are.
    sys.path[0] = os.path.dirname(sys.executable)
    sys.argv = _Arguments()
    found = {
        entry.name: entry.load()
        for entry in metadata.entry_points(group='console_scripts')
        if entry.name in scripts
    }
    for name in modules:
        importlib.import_module(name)
    # It reads the entry points of all packages, and keeps them.
    stevedore.ExtensionManager('mogan_like.none')
    gc.collect()
    gc.freeze()
    return found


def main(number, scripts, modules):
    """Serve on an open socket; in a fork, be the script."""
    end = _End()
    atexit.register(end)
    with socket.socket(fileno=int(number)) as sock:
        mains = _load(scripts.split(','), [name for name in modules.split(',') if name])
        call = _Forks(mains).serve(sock)
    try:
        sys.exit(call and call())
    except SystemExit as exit:
        end.note(exit.code)
        raise


if __name__ == '__main__':
    main(*sys.argv[1:])
