"""A real server of tools/, one for all workers of a test run."""

import fcntl
import functools
import os
import pathlib
import subprocess
import sys

_TOOLS = pathlib.Path(__file__).parents[2] / 'tools'
#: The exit code of a script whose server cannot be installed here.
CANNOT_INSTALL = 3


def start(script, prefix, state, **settings):
    """Start a server unless another worker has.

    It lives until the last process that called this is gone, however that
    ends: each holds a shared lock, and a process of its own waits for the
    exclusive one, to stop the server then and remove the data.

    :param script: its name in tools/
    :param prefix: of the names of its settings in the environment
    :param state: where its data are
    :param settings: others of its settings
    :returns: the exit code of the script and what it said
    """
    path = _TOOLS / script
    state.parent.mkdir(exist_ok=True)
    users = state.with_suffix('.users')
    # Never closed: it is let go when the process ends.
    fcntl.flock(os.open(users, os.O_CREAT | os.O_RDWR), fcntl.LOCK_SH)
    settings = {'STATE': str(state), 'PORT': '0', **settings}
    environ = {f'{prefix}_PYTHON': sys.executable, **os.environ}
    environ.update({f'{prefix}_{name}': value for name, value in settings.items()})
    run = functools.partial(
        subprocess.run,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environ,
    )
    run(
        ['setsid', '--fork', 'flock', '--exclusive', users, path, 'reset'],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    started = run([path, 'start'])
    return started.returncode, started.stdout.strip()
