"""Run parts of tests/ through stestr: what failed is shown, the rest counted."""

import argparse
import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
import time

import subunit
import testtools
import totals

PASSED = ('success', 'xfail')
SKIPPED = ('skip',)
#: Seconds between two lines that say how far it is.
PROGRESS = 30
#: A folder in memory, and the bytes that have to be free there.
MEMORY = Path('/dev/shm')
ROOM = 2**30


def main():
    """Run each part; 1 when a test failed, or a run ended without a reason."""
    args = parse_args()
    failures = 0
    for part in args.parts:
        report = run(part, args)
        totals.append(label(part), report.passed, report.failed, report.skipped)
        failures += len(report.failed)
    return 1 if failures else 0


def parse_args():
    """The parts, the number of workers and a filter for names of tests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('parts', nargs='+', help='folders of tests/')
    parser.add_argument(
        '--workers',
        type=int,
        default=int(os.environ.get('MOGAN_LIKE_TEST_WORKERS', 0)) or workers(),
        help='processes at once (MOGAN_LIKE_TEST_WORKERS; default %(default)s)',
    )
    parser.add_argument('--filter', help='regular expression on names of tests')
    return parser.parse_args()


def workers():
    """Two a core: tests of a service spend half their time waiting for it."""
    return 2 * len(os.sched_getaffinity(0))


def label(part):
    """The part's name in the totals; other interpreters say which they are."""
    env = os.environ.get('TOX_ENV_NAME', '')
    return f'{env}:{part}' if env.startswith('py') else part


def run(part, args):
    """Counts (passed, skipped) and names of what failed, of one folder of tests."""
    folder = Path('tests', part)
    if not any(folder.rglob('test_*.py')):
        print(f'{folder}: no tests')
        return Report()
    print(f'== {folder}', flush=True)
    report = Report()
    command = ['run', '--subunit', '--concurrency', str(args.workers)]
    command += [args.filter] if args.filter else []
    with tempfile.TemporaryFile() as log:
        worker = stestr(folder, command, stdout=subprocess.PIPE, stderr=log)
        with worker:
            report.read(worker.stdout)
        # A module that cannot be imported, or a worker that was killed, may
        # leave no test behind that failed.
        if worker.returncode and not report.failed:
            report.failed.append(f'{folder}: stestr ended with {worker.returncode}')
        if report.failed:
            log.seek(0)
            print(f'-- what the workers said, the end of it:\n{tail(log)}')
    report.close()
    return report


def tail(log, lines=100):
    """The last lines of a file, as text."""
    return b''.join(log.readlines()[-lines:]).decode(errors='replace')


class Report:
    """Counts tests while they run, and shows those that failed, and no others."""

    def __init__(self):
        self.passed = self.skipped = 0
        self.failed = []
        self._started = time.monotonic()
        self._shown = 0

    def read(self, stream):
        """Take in a subunit stream until it ends."""
        result = testtools.StreamToDict(self._take)
        result.startTestRun()
        subunit.ByteStreamToStreamResult(stream).run(result)
        result.stopTestRun()

    def close(self):
        """Print the last line of progress."""
        self._say()

    def _take(self, test):
        if test['status'] == 'exists':
            # Found, not run yet.
            return
        if test['status'] in PASSED:
            self.passed += 1
        elif test['status'] in SKIPPED:
            self.skipped += 1
            reason = test['details'].get('reason')
            print(f'skipped {test["id"]}: {reason.as_text() if reason else ""}')
        else:
            self.failed.append(test['id'])
            print(f'-- FAILED {test["id"]} ({test["status"]})')
            for name, content in sorted(test['details'].items()):
                print(f'{name}:\n{content.as_text()}')
        if time.monotonic() - self._started > self._shown + PROGRESS:
            self._say()

    def _say(self):
        self._shown = time.monotonic() - self._started
        print(
            f'{self._shown:6.0f} s: {self.passed} passed, '
            f'{len(self.failed)} failed, {self.skipped} skipped',
            flush=True,
        )


def stestr(folder, arguments, **kwargs):
    """stestr at work on one folder of tests."""
    # It starts its workers through a shell, by a path without quotes: with a
    # blank in it they have to be found by name.
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ['PATH']])
    env = {
        **os.environ,
        'PYTHON': 'python',
        'PATH': path,
        'TMPDIR': find_folder(),
        # Nobody else is asked; a client would look for proxies at each request.
        'no_proxy': '127.0.0.1,localhost',
    }
    command = ['stestr', '--test-path', str(folder), *arguments]
    return subprocess.Popen(command, env=env, **kwargs)


def find_folder():
    """Where files of tests go: into memory if they fit, as SQLite waits for disks."""
    if 'TMPDIR' in os.environ or not os.access(MEMORY, os.W_OK):
        return tempfile.gettempdir()
    fits = shutil.disk_usage(MEMORY).free >= ROOM
    return str(MEMORY) if fits else tempfile.gettempdir()


if __name__ == '__main__':
    sys.exit(main())
