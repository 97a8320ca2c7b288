"""Run the checks that are no tests: style and documentation; each counts as one."""

import os
import subprocess
import sys
import time

import totals

PYTHON = sys.executable
CODE = (
    'mogan_like',
    'mogan_like_client',
    'tests',
    'tools',
    'doc',
    'api-ref',
    'releasenotes',
    'setup.py',
)


def sphinx(source):
    """The command that builds one tree of pages, warnings being errors."""
    target = f'{source}/../build/html'
    return [PYTHON, '-m', 'sphinx', '-W', '--keep-going', '-q', '-a', '-E',
            '-b', 'html', source, target]  # fmt: skip


def generated(tool, config):
    """The command that makes a sample by an oslo generator, and drops it."""
    return [tool, '--config-file', config, '--output-file', os.devnull]


CHECKS = {
    'style': {
        'ruff': ['ruff', 'check', *CODE],
        'ruff format': [
            'ruff',
            'format',
            '--check',
            '--output-format',
            'concise',
            *CODE,
        ],
        'codespell': ['codespell'],
        'lint-imports': ['lint-imports', '--no-logo'],
        'sizes': [PYTHON, 'tools/check_sizes.py'],
        'names': [PYTHON, 'tools/check_names.py'],
    },
    'docs': {
        'doc': sphinx('doc/source'),
        'api-ref': sphinx('api-ref/source'),
        'releasenotes': sphinx('releasenotes/source'),
        'sample configuration': generated(
            'oslo-config-generator', 'etc/oslo-config-generator.conf'
        ),
        'sample policy': generated(
            'oslopolicy-sample-generator', 'etc/oslo-policy-generator.conf'
        ),
    },
}


def main():
    """Run the checks of the part that is named; 1 when one of them failed."""
    part = sys.argv[1]
    # Tools of this environment first, also when it is not an active one.
    tools = os.path.dirname(sys.executable)
    os.environ['PATH'] = tools + os.pathsep + os.environ.get('PATH', '')
    checks = CHECKS[part]
    failed = [name for name in checks if not check(name, checks[name])]
    totals.append(part, len(checks) - len(failed), failed, 0)
    return 1 if failed else 0


def check(name, command):
    """Run one check and say how it went; its output only when it failed.

    :returns: True when it passed
    """
    started = time.monotonic()
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    seconds = time.monotonic() - started
    passed = done.returncode == 0
    print(f'{"ok    " if passed else "FAILED"} {name} ({seconds:.1f} s)')
    if not passed or name == 'sizes':
        print(done.stdout.rstrip(), flush=True)
    return passed


if __name__ == '__main__':
    sys.exit(main())
