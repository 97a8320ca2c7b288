"""Run parts of tests/ through stestr and count what came out."""

import argparse
import io
import os
from pathlib import Path
import subprocess
import sys

import subunit
import testtools
import totals

PASSED = ('success', 'xfail')
SKIPPED = ('skip',)


def main():
    """Run each part; 1 when a test failed, or a run ended without a reason."""
    args = parse_args()
    failures = 0
    for part in args.parts:
        passed, failed, skipped = run(part, args)
        totals.append(label(part), passed, failed, skipped)
        failures += failed
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
    """Counts (passed, failed, skipped) of one folder of tests."""
    folder = Path('tests', part)
    if not any(folder.rglob('test_*.py')):
        print(f'{folder}: no tests')
        return 0, 0, 0
    print(f'== {folder}', flush=True)
    before = recorded()
    command = ['run', '--concurrency', str(args.workers)]
    done = stestr(folder, command + ([args.filter] if args.filter else []))
    if recorded() == before:
        # A module that cannot be imported, say: stestr has said why.
        return 0, 1, 0
    last = stestr(folder, ['last', '--subunit'], stdout=subprocess.PIPE)
    passed, failed, skipped = count(last.stdout)
    # A worker that was killed may leave no test behind that failed.
    if done.returncode and not failed:
        failed = 1
    return passed, failed, skipped


def stestr(folder, arguments, **kwargs):
    """Run stestr on one folder of tests."""
    # It starts its workers through a shell, by a path without quotes: with a
    # blank in it they have to be found by name.
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ['PATH']])
    return subprocess.run(
        ['stestr', '--test-path', str(folder), *arguments],
        env=dict(os.environ, PYTHON='python', PATH=path),
        **kwargs,
    )


def recorded():
    """The number that stestr's next run will have."""
    try:
        return int(Path('.stestr', 'next-stream').read_text())
    except FileNotFoundError:
        return 0


def count(stream):
    """Counts (passed, failed, skipped) of a subunit stream."""
    statuses = []
    result = testtools.StreamToDict(lambda test: statuses.append(test['status']))
    result.startTestRun()
    subunit.ByteStreamToStreamResult(io.BytesIO(stream)).run(result)
    result.stopTestRun()
    passed = sum(status in PASSED for status in statuses)
    skipped = sum(status in SKIPPED for status in statuses)
    return passed, len(statuses) - passed - skipped, skipped


if __name__ == '__main__':
    sys.exit(main())
