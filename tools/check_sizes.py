"""Fail on files and functions that have grown too long; print the medians."""

import ast
from pathlib import Path
import statistics
import sys

MAX_FILE = 400
MAX_FUNCTION = 50
TREES = (
    'mogan_like',
    'mogan_like_client',
    'tests',
    'tools',
    'doc',
    'api-ref',
    'releasenotes',
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def main():
    """Print what is too long, then the medians of each tree; 1 or 0."""
    too_long = []
    for tree in TREES:
        files, functions = measure(Path(tree))
        too_long += [row for row in files if row[0] > MAX_FILE]
        too_long += [row for row in functions if row[0] > MAX_FUNCTION]
        if functions:
            print(
                f'{tree}: {len(files)} files, median {median(files)} lines; '
                f'{len(functions)} functions, median {median(functions)} lines'
            )
    for lines, place in too_long:
        print(f'{place} is {lines} lines long')
    return 1 if too_long else 0


def measure(tree):
    """Lists of (lines, place): of the files with content, of the functions."""
    files, functions = [], []
    for path in sorted(tree.rglob('*.py')):
        text = path.read_text()
        if path.name != '__init__.py' or text.count('\n') > 1:
            files.append((text.count('\n'), str(path)))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, FUNCTIONS):
                lines = node.end_lineno - node.lineno + 1
                functions.append((lines, f'{path}:{node.lineno} {node.name}'))
    return files, functions


def median(rows):
    """The median of the rows' line counts."""
    return round(statistics.median(lines for lines, _place in rows))


if __name__ == '__main__':
    sys.exit(main())
