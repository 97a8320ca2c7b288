"""What passed, failed and was skipped, kept in a file from part to part.

Run with the file's name it prints the closing line, and fails when a part did.
"""

import os
from pathlib import Path
import sys


def append(part, passed, failed, skipped):
    """Add a part's counts to the file that MOGAN_LIKE_TOTALS names, if any."""
    path = os.environ.get('MOGAN_LIKE_TOTALS')
    if path:
        with open(path, 'a') as totals:
            totals.write(f'{part} {passed} {failed} {skipped}\n')


def add_up(path):
    """The sums (passed, failed, skipped) over all parts in the file."""
    rows = [line.split()[1:] for line in Path(path).read_text().splitlines()]
    return tuple(sum(int(row[column]) for row in rows) for column in range(3))


def main():
    """Print one line a part and the closing line; 1 when something failed."""
    path = sys.argv[1]
    print(f'  {"":<18} {"passed":>6} {"failed":>6} {"skipped":>7}')
    for line in Path(path).read_text().splitlines():
        part, passed, failed, skipped = line.split()
        print(f'  {part:<18} {passed:>6} {failed:>6} {skipped:>7}')
    passed, failed, skipped = add_up(path)
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
