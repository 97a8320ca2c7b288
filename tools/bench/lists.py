"""The lines of the table about lists: a million rows against a thousand."""

import contextlib
import dataclasses

from tools.bench import load
from tools.bench import processes
from tools.bench import routes
from tools.bench import rows

FEW = 1000
LIMIT = 1.3
_REQUESTS = 5
#: Noise only adds to a cost: what seems too dear is looked at again.
_TRIES = 8


def measure(run, count, pace):
    """Each family of lists: CPU of the worker and of the database.

    :param count: of the rows in the larger of the two sites
    """
    results = []
    with _Place(run, 'few', FEW) as few, _Place(run, 'many', count) as many:
        for family in routes.FAMILIES:
            with few.filled(family), many.filled(family):
                results += _measure_family(family, few, many, pace)
    return results


def _measure_family(family, few, many, pace):
    """The dearest list of a family, and every other that is over the limit."""
    results = sorted(
        (
            result
            for one in family.make_lists()
            for result in _measure_list(one, few, many, pace)
        ),
        key=lambda result: -result.ratio,
    )
    dearest = dataclasses.replace(
        results[0], name=f'dearest of {len(results)}: {results[0].name}'
    )
    return [dearest, *(result for result in results[1:] if result.is_over)]


def _measure_list(one, few, many, pace):
    """A result for the first page, and one for the last if that is another."""
    pages = [
        (one.make_path(place.database), place.find_last_page(one))
        for place in (few, many)
    ]
    for label, *paths in zip(('first', 'last'), *pages, strict=True):
        if all(paths):
            costs = _cost_both(one.persona, paths, (few, many), pace)
            text = f'{one.label}, {label} page'
            yield rows.Result(
                text, 'ms CPU', costs[1], costs[0], costs[1] / costs[0], LIMIT
            )


def _cost_both(persona, paths, places, pace):
    """The least that the page was seen to cost in either place."""
    least = [float('inf')] * 2
    for _ in range(_TRIES):
        for _ in range(pace.repeats):
            for i, (place, path) in enumerate(zip(places, paths, strict=True)):
                least[i] = min(least[i], place.cost(persona, path))
        if least[1] <= least[0] * LIMIT:
            break
    return least


class _Place(contextlib.ExitStack):
    """A site with a server, and a client for each persona."""

    def __init__(self, run, name, count):
        super().__init__()
        self._run = run
        self._name = name
        self._count = count

    def __enter__(self):
        super().__enter__()
        site = self._run.make_site(self._name)
        self.database = site.database
        self._server = self.enter_context(site.serve())
        self._clients = {
            persona: self.enter_context(load.Client(self._server, token))
            for persona, token in self._run.tokens.items()
        }
        return self

    @contextlib.contextmanager
    def filled(self, family):
        """Have the rows of a family for the length of the block."""
        for table, columns in family.tables.items():
            count = FEW if table in family.small else self._count
            self.database.fill(table, count, columns)
        yield
        for table in family.tables:
            self.database.clear(table)

    def find_last_page(self, one):
        """The path of the last page, or None when that is the first.

        Read backwards, its first item is as far from the end as a page is long.
        """
        client = self._clients[one.persona]
        path = one.make_path(self.database, backwards=True, limit=routes.PAGE + 1)
        items = next(iter(client.get(path).values()))
        if len(items) <= routes.PAGE:
            return None
        return one.make_path(self.database, marker=items[-1][one.marker])

    def cost(self, persona, path):
        """Milliseconds of CPU, the worker's and the database's, for a request."""
        client = self._clients[persona]
        threads = self.database.list_threads()
        before = processes.read_cpu(self._server.worker, threads=threads)
        for _ in range(_REQUESTS):
            client.send('GET', path)
        after = processes.read_cpu(self._server.worker, threads=threads)
        return (after - before) * 1000 / _REQUESTS
