"""The lines of the table about leases: many at once, one at once, a page."""

import datetime
import time

import orjson
import sqlalchemy as sa

from tests import fixtures
from tools.bench import floor
from tools.bench import load
from tools.bench import rows
from tools.bench import seeds
from tools.bench.site import PROJECT

_TYPE = 'dummy.vm.plugin'
_MANY = 1000
#: Seconds until leases are due: by then the conductor has looked for them.
_AHEAD = 3
_ENDS = 300
_LEASES = 100


def measure_due(run, pace):
    """Leases that are due in the same moment: a lease against a transaction."""
    site = run.make_site('leases')
    floor.METADATA.create_all(site.database.engine)
    results = []
    with site.start_conductor():
        for step in ('start', 'end'):
            ours, bare = zip(*_compare(site, step, pace), strict=True)
            results.append(
                _divide(f'{step} of {_MANY:,} leases due at once', ours, bare, 1.75)
            )
        many = min(_time_leases(site, 'end', 10 * _MANY) for _ in range(2))
        name = f'end of {10 * _MANY:,} leases, against {_MANY:,}'
        results.append(_divide(name, [many], ours, 1.1))
    return results


def measure_end(run, pace):
    """From the request to end a lease to the call of on_end, through RabbitMQ."""
    site = run.make_site('ends')
    asked = {}
    with (
        site.start_conductor(),
        site.serve() as server,
        load.Client(server, run.tokens['member']) as client,
    ):
        # Until it is answered, the conductor is not there yet.
        client.get('/v1/plugins')
        while len(asked) < _ENDS:
            # As many as a project may have.
            uuids = [_create(client) for _ in range(_LEASES)]
            _wait_until(site, "status = 'ACTIVE'", _LEASES)
            for uuid in uuids:
                asked[uuid] = _end(client, uuid)
                # The bound is that of a service which is idle.
                _wait_until(site, "status = 'TERMINATED'", len(asked))
    called = _read_calls(site)
    times = sorted((called[uuid] - asked[uuid]).total_seconds() for uuid in asked)
    worst = times[int(len(times) * 0.99)] * 1000
    name = 'end of a lease now, until on_end is called'
    return [rows.Result(name, 'ms p99', worst, None, worst, 50)]


def measure_page(run, pace):
    """A page of a list of many leases: CPU of the worker."""
    site = run.make_site('pages')
    for table, columns in seeds.make_leases(started=True).items():
        per_lease = 2 if table == 'lease_events' else 1
        if table == 'leases':
            columns = columns | {'project_id': f"'{PROJECT}'"}
        site.database.fill(table, per_lease * 10 * _MANY, columns)
    ours = load.Load([(f'/v1/leases?limit={floor.LEASES_PER_PAGE}', None)])
    bare = load.Load([('/leases/', None)])
    pairs = rows.compare_reads(run, site, pace, ours, bare)
    name = f'{floor.LEASES_PER_PAGE} of {10 * _MANY:,} leases'
    return [rows.divide(name, 'ms CPU', pairs, 1.5)]


def _compare(site, step, pace):
    for _ in range(pace.repeats):
        yield _time_leases(site, step, _MANY), _time_floor(site)


def _divide(name, ours, bare, limit):
    ours, bare = min(ours), min(bare)
    return rows.Result(name, 'ms each', ours, bare, ours / bare, limit)


def _time_floor(site):
    """Milliseconds that one UPDATE + INSERT + COMMIT takes."""
    database = site.database
    database.execute('DELETE FROM floor_locks')
    database.execute(
        'INSERT INTO floor_locks (uuid, status) '
        f"SELECT CONCAT('u', seq), 'ACTIVE' FROM seq_1_to_{_MANY}"
    )
    locks, actions = floor.LOCKS, floor.ACTIONS
    update = locks.update().where(
        locks.c.uuid == sa.bindparam('of'), locks.c.status == 'ACTIVE'
    )
    update = update.values(status='LOCKED', updated_at=sa.bindparam('now'))
    now = datetime.datetime(2026, 1, 1)
    begun = time.perf_counter()
    for number in range(1, _MANY + 1):
        with database.engine.begin() as conn:
            conn.execute(update, {'of': f'u{number}', 'now': now})
            conn.execute(
                actions.insert(),
                {'object_id': f'u{number}', 'action': 'lock', 'started_at': now},
            )
    return (time.perf_counter() - begun) * 1000 / _MANY


def _time_leases(site, step, count):
    """Milliseconds that one of so many leases takes, due at once."""
    database = site.database
    for table in (*seeds.LEASE_TABLES, 'due_work', 'actions', 'action_events'):
        database.execute(f'DELETE FROM {table}')
    started = step == 'end'
    for table, columns in seeds.make_leases(started).items():
        per_lease = 2 if table == 'lease_events' else 1
        database.fill(table, per_lease * count, columns)
    due = database.execute(
        f'SELECT UTC_TIMESTAMP(6) + INTERVAL {_AHEAD} SECOND AS due'
    )[0].due
    column = 'end_date' if started else 'start_date'
    database.execute(f"UPDATE leases SET {column} = '{due}'")
    database.fill('due_work', count, seeds.make_due_work(_TYPE, due))
    _wait_until(site, f"status = '{'TERMINATED' if started else 'ACTIVE'}'", count)
    last = database.execute('SELECT MAX(finished_at) AS at FROM actions')[0].at
    return (last - due).total_seconds() * 1000 / count


def _wait_until(site, condition, count):
    query = f'SELECT COUNT(*) AS number FROM leases WHERE {condition}'
    fixtures.wait_until(
        lambda: site.database.execute(query)[0].number == count,
        f'{count} leases: {condition}',
        120,
    )


def _create(client):
    body = {
        'name': 'bench',
        'start_date': 'now',
        'end_date': '2099-01-01 00:00',
        'reservations': [{'resource_type': _TYPE}],
        'events': [],
    }
    return orjson.loads(client.send('POST', '/v1/leases', body))['lease']['id']


def _end(client, uuid):
    """When it was asked for."""
    asked = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    client.send('PUT', f'/v1/leases/{uuid}', {'end_date': 'now'})
    return asked


def _read_calls(site):
    """{lease: when on_end was called}."""
    found = site.database.execute(
        'SELECT actions.object_id, action_events.started_at FROM action_events '
        'JOIN actions ON actions.id = action_events.action_id '
        f"WHERE action_events.event = 'on_end.{_TYPE}'"
    )
    return {row.object_id: row.started_at for row in found}
