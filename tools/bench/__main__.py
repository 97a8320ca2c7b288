"""``python -m tools.bench``: runs the rows, prints the table."""

import argparse
import os
import shutil
import signal
import sys

from tools.bench import leases
from tools.bench import lists
from tools.bench import rows
from tools.bench import site

_FLOOR_ROWS = {
    'detail': rows.measure_detail,
    'show': rows.measure_show,
    'lock': rows.measure_lock,
    'start': rows.measure_start,
}
_LEASE_ROWS = {
    'leases': leases.measure_due,
    'end': leases.measure_end,
    'page': leases.measure_page,
}
_LISTS = 'lists'


def main():
    """Measure, print; returns 1 when something is over its limit."""
    options = _parse()
    if shutil.which('wrk') is None:
        print('wrk is not installed; Debian has it in the package wrk.')
        return 2
    # What was made has to be removed, whoever ends the run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit('ended'))
    pace = rows.Pace(3, 1) if options.quick else rows.Pace(7, 3)
    results = []
    print(f'{"ours":>9} {"floor":>9} {"unit":7} {"ratio":>7} {"limit":>7}')
    with site.Run() as run:
        wanted = [name for name in _FLOOR_ROWS if options.only in (None, name)]
        if wanted:
            place = rows.make_site(run, 10_000)
            for name in wanted:
                results += _show(_FLOOR_ROWS[name](run, place, pace))
        for name, measure in _LEASE_ROWS.items():
            if options.only in (None, name):
                results += _show(measure(run, pace))
        if options.only in (None, _LISTS):
            count = 50_000 if options.quick else 1_000_000
            results += _show(lists.measure(run, count, pace))
    over = [result for result in results if result.is_over]
    print(f'{len(results)} measured, {len(over)} over; {_describe_load()}')
    return bool(over)


def _describe_load():
    """What a reader has to know of times by the clock."""
    return (
        f'{os.getloadavg()[1]:.1f} processes ran at a time in the last five '
        f'minutes, on {os.cpu_count()} CPUs.'
    )


def _parse():
    parser = argparse.ArgumentParser('tools/bench.sh', description=__doc__)
    parser.add_argument(
        '--only',
        choices=[*_FLOOR_ROWS, *_LEASE_ROWS, _LISTS],
        help='measure this row alone',
    )
    parser.add_argument(
        '--quick', action='store_true', help='short loads, and lists of 50,000 rows'
    )
    return parser.parse_args()


def _show(results):
    for result in results:
        floor = '' if result.floor is None else f'{result.floor:.2f}'
        print(
            f'{result.ours:9.2f} {floor:>9} {result.unit:7} {result.ratio:7.2f} '
            f'{result.limit:7.2f}  {"OVER" if result.is_over else "ok  "} '
            f'{result.name}',
            flush=True,
        )
    return results


if __name__ == '__main__':
    sys.exit(main())
