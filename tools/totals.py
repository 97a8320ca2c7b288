"""What passed, failed and was skipped, kept in a file from part to part.

Run with the file's name it names what failed, prints the closing line, and fails
when a part did.
"""

import json
import os
from pathlib import Path
import sys


def append(part, passed, failed, skipped):
    """Add a part to the file that MOGAN_LIKE_TOTALS names, if any.

    :param failed: the names of what failed
    """
    path = os.environ.get('MOGAN_LIKE_TOTALS')
    if path:
        row = {'part': part, 'passed': passed, 'failed': failed, 'skipped': skipped}
        with open(path, 'a') as totals:
            totals.write(json.dumps(row) + '\n')


def main():
    """Print one line a part, what failed, and the closing line; 1 when it failed."""
    lines = Path(sys.argv[1]).read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    print(f'  {"":<18} {"passed":>6} {"failed":>6} {"skipped":>7}')
    for row in rows:
        counts = f'{row["passed"]:>6} {len(row["failed"]):>6} {row["skipped"]:>7}'
        print(f'  {row["part"]:<18} {counts}')
    failed = [name for row in rows for name in row['failed']]
    for name in failed:
        print(f'FAILED {name}')
    passed = sum(row['passed'] for row in rows)
    skipped = sum(row['skipped'] for row in rows)
    print(f'{passed} passed, {len(failed)} failed, {skipped} skipped')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
