"""The lines of the table that have a floor or a limit of their own."""

import dataclasses

from tools.bench import floor
from tools.bench import load
from tools.bench import processes
from tools.bench import seeds
from tools.bench.site import PROJECT

FLOOR = 'tools.bench.floor:make_application()'
_UUIDS = 50


@dataclasses.dataclass(frozen=True)
class Pace:
    """How much is measured.

    :ivar repeats: of each side, in turn
    :ivar seconds: of each
    """

    repeats: int
    seconds: int


@dataclasses.dataclass(frozen=True)
class Result:
    """One line of the table.

    :ivar floor: None where the limit is one of ours itself
    :ivar ratio: what must not be over the limit
    """

    name: str
    unit: str
    ours: float
    floor: float | None
    ratio: float
    limit: float

    @property
    def is_over(self):
        """True when the limit does not hold."""
        return self.ratio > self.limit


def make_site(run, count):
    """A site with instances that are all ACTIVE, half of them the member's."""
    site = run.make_site('floor')
    database = site.database
    database.fill('instances', count, seeds.ACTIVE_INSTANCES)
    floor.METADATA.create_all(database.engine)
    database.execute(
        'INSERT INTO floor_locks (uuid, status) SELECT uuid, status FROM instances'
    )
    return site


def measure_detail(run, site, pace):
    """Detail of 1,000 instances: CPU of the worker."""
    ours = load.Load([('/v1/instances/detail?limit=1000', None)])
    bare = load.Load([('/detail/', None)])
    pairs = compare_reads(run, site, pace, ours, bare)
    return [divide('detail, 1,000 instances', 'ms CPU', pairs, 1.5)]


def measure_show(run, site, pace):
    """One instance: CPU of the worker."""
    uuids = _list_uuids(site, _UUIDS)
    ours = load.Load([(f'/v1/instances/{uuid}', None) for uuid in uuids])
    bare = load.Load([(f'/instances/{uuid}', None) for uuid in uuids])
    pairs = compare_reads(run, site, pace, ours, bare)
    return [divide('show', 'ms CPU', pairs, 2)]


def measure_lock(run, site, pace):
    """Lock and unlock in turn: p50 of one client."""
    uuids = iter(_list_uuids(site, 2 * pace.repeats))
    token = run.tokens['admin']

    def time_ours():
        path = f'/v1/instances/{next(uuids)}/states'
        requests = [(f'{path}/{verb}', {verb: None}) for verb in ('lock', 'unlock')]
        return _time_writes(server, 'PUT', requests, token, pace)

    def time_floor():
        path = f'/locks/{next(uuids)}'
        requests = [(path, {'lock': locked}) for locked in (True, False)]
        return _time_writes(bare, 'POST', requests, token, pace)

    with (
        site.start_conductor(),
        site.start_floor_conductor(),
        site.serve() as server,
        site.serve(FLOOR, 'floor') as bare,
    ):
        pairs = _alternate(pace, time_ours, time_floor)
    return [divide('lock and unlock through RabbitMQ', 'ms p50', pairs, 1.5)]


def measure_start(run, site, pace):
    """The start of the API, and the memory of a worker after lists."""
    start = min(_time_start(site) for _ in range(pace.repeats))
    work = load.Load([('/v1/instances/detail', None), ('/v1/instances', None)])
    with site.serve() as server:
        load.run(server, work, run.tokens['member'], pace.seconds)
        memory = processes.read_memory(server.worker)
    return [
        Result('start to the first answer', 's', start, None, start, 1.2),
        Result('memory of a worker after lists', 'MiB', memory, None, memory, 130),
    ]


def _time_start(site):
    with site.serve() as server:
        return server.started


def compare_reads(run, site, pace, ours, bare):
    """CPU of the worker with each of two loads: ours, and the floor's."""
    token = run.tokens['member']
    with site.serve() as server, site.serve(FLOOR, 'floor') as other:
        for one, requests in ((server, ours.requests), (other, bare.requests)):
            with load.Client(one, token) as client:
                client.get(requests[0][0])
        return _alternate(
            pace,
            lambda: load.run(server, ours, token, pace.seconds).cpu,
            lambda: load.run(other, bare, token, pace.seconds).cpu,
        )


def _time_writes(server, method, requests, token, pace):
    with load.Client(server, token) as client:
        for path, body in requests:
            client.send(method, path, body)
    return load.run(server, load.Load(requests, method, 1), token, pace.seconds).p50


def _alternate(pace, *sides):
    """Run both sides in turn; a list for each of what it measured."""
    pairs = [[side() for side in sides] for _ in range(pace.repeats)]
    return list(zip(*pairs, strict=True))


def divide(name, unit, pairs, limit):
    """The line of what two sides measured, a list for each."""
    # Other work on this machine only adds.
    ours, bare = map(min, pairs)
    return Result(name, unit, ours, bare, ours / bare, limit)


def _list_uuids(site, count):
    rows = site.database.execute(
        f"SELECT uuid FROM instances WHERE project_id = '{PROJECT}' LIMIT {count}"
    )
    return [row.uuid for row in rows]
