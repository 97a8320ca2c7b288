"""Fail on names that say nothing, and on second names for one thing."""

import ast
from pathlib import Path
import re
import sys

TREES = ('mogan_like', 'mogan_like_client', 'tests', 'tools', 'doc')
# A module of this name collects what nobody could place.
VAGUE = re.compile(r'(^|_)(utils?|helpers?|misc|common_?lib|stuff)($|_)')
# A request context is called ctx, but where oslo.messaging's methods are written
# again, whose arguments are named by it.
OSLO = ('rpc', 'rpc_inprocess')
CONTEXT = ('context', 'ctxt', 'request_context')
# What is not done belongs in an issue; ruff looks for these in Python only.
UNFINISHED = re.compile(r'\b(TODO|FIXME|XXX)\b')
PROSE = ('*.rst', '*.sh', '*.cfg', '*.ini', '*.yaml', '*.inc')
SKIPPED = ('.tox', '.venv', '.git', 'build', 'var')


def main():
    """Print each bad name; 1 when there is one."""
    found = [*vague_modules(), *other_contexts(), *unfinished()]
    print(*found, sep='\n')
    return 1 if found else 0


def vague_modules():
    """One line for each file or folder whose name says nothing."""
    for tree in TREES:
        for path in sorted(Path(tree).rglob('*')):
            if path.suffix in ('.py', '') and VAGUE.search(path.stem):
                yield f'{path}: name it after what it does'


def other_contexts():
    """One line for each argument that calls the request context otherwise."""
    for path in sorted(Path('mogan_like').rglob('*.py')):
        if {path.stem, path.parent.name} & set(OSLO):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.arg) and node.arg in CONTEXT:
                yield f'{path}:{node.lineno}: call it ctx, not {node.arg}'


def unfinished():
    """One line for each note that something is not done."""
    for pattern in PROSE:
        for path in sorted(Path().rglob(pattern)):
            if path.parts[0].startswith(SKIPPED) or 'build' in path.parts:
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if UNFINISHED.search(line):
                    yield f'{path}:{number}: open an issue instead'


if __name__ == '__main__':
    sys.exit(main())
