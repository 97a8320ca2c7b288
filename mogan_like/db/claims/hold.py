"""Who is at it: taken, renewed, finished, let go of."""

import operator

import orjson
import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.db.claims.claim import Claim
from mogan_like.db.claims.claim import ClaimLost
from mogan_like.db.claims.claim import after
from mogan_like.db.claims.claim import new_owner
from mogan_like.db.claims.table import DUE_WORK
from mogan_like.db.claims.table import NEVER

_W = DUE_WORK.c


def claim_due(conn, kinds, limit, ttl):
    """Take up to ``limit`` due rows for ``ttl`` seconds, longest due first.

    :param kinds: those that the caller has jobs for; a newer conductor may
        have written others
    :returns: a list of claims
    """
    now = clock.utcnow()
    held_until = clock.monotonic() + ttl
    rows = _find_due(conn, kinds, now, limit)
    if not rows:
        return []
    owner = new_owner()
    # SKIP LOCKED saves conductors from waiting for each other; what makes a
    # claim exclusive is that this UPDATE asks again (Galera locks one node's
    # rows only).
    taken = conn.execute(
        _CLAIM,
        {
            'ids': [row.id for row in rows],
            'now': now,
            'new_owner': owner,
            'new_until': after(ttl),
        },
    ).rowcount
    if taken != len(rows):
        ours = set(conn.execute(_IDS_OF, {'of_owner': owner}).scalars())
        rows = [row for row in rows if row.id in ours]
    return [
        Claim(
            row.id,
            row.kind,
            row.object_id,
            row.due_at,
            owner,
            row.generation + 1,
            row.attempts + 1,
            orjson.loads(row.payload),
            held_until,
        )
        for row in sorted(rows, key=_get_due_at)
    ]


_DUE = (
    sa.select(
        _W.id, _W.kind, _W.object_id, _W.due_at, _W.generation, _W.attempts, _W.payload
    )
    .where(
        _W.kind.in_(sa.bindparam('kinds', expanding=True)),
        _W.until <= sa.bindparam('now'),
    )
    .order_by(_W.until)
    .limit(sa.bindparam('most'))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    DUE_WORK.update()
    .where(
        _W.id.in_(sa.bindparam('ids', expanding=True)), _W.until <= sa.bindparam('now')
    )
    .values(
        owner=sa.bindparam('new_owner'),
        generation=_W.generation + 1,
        attempts=_W.attempts + 1,
        until=sa.bindparam('new_until'),
        # It waited up to a time, and that is over.
        waits_on=None,
    )
)
_IDS_OF = sa.select(_W.id).where(_W.owner == sa.bindparam('of_owner'))
_get_due_at = operator.attrgetter('due_at')


def _find_due(conn, kinds, now, limit):
    values = {'kinds': list(kinds), 'now': now, 'most': limit}
    return conn.execute(_DUE, values).all()


def renew(conn, held, ttl):
    """Keep claims for another ``ttl`` seconds.

    :returns: the claims among them that are lost
    """
    held_until = clock.monotonic() + ttl
    ids = [claim.id for claim in held]
    owners = {claim.owner for claim in held}
    conn.execute(
        DUE_WORK.update()
        .where(_W.id.in_(ids), _W.owner.in_(owners))
        .values(until=after(ttl))
    )
    found = {
        row.id: (row.owner, row.generation)
        for row in conn.execute(
            sa.select(_W.id, _W.owner, _W.generation).where(_W.id.in_(ids))
        )
    }
    lost = []
    for claim in held:
        if found.get(claim.id) == (claim.owner, claim.generation):
            claim.held_until = held_until
        else:
            claim.lost.set()
            lost.append(claim)
    return lost


def hold(conn, claim):
    """Go on only while the claim is ours, to the end of this transaction.

    :raises ClaimLost: when it is not
    """
    _guard(
        claim,
        conn.execute(
            DUE_WORK.update().where(*_mine(claim)).values(attempts=_W.attempts)
        ),
    )


def hold_place(conn, claim):
    """Go on only while nobody else can be at it, though it may have been replaced.

    For what has to be kept whatever is to be done now: the id of something that
    this worker made outside. Whoever has the work next finds it.

    :returns: False when it was replaced: nothing else that we do counts
    :raises ClaimLost: when somebody else is at it, or may be
    """
    place = (_W.id == claim.id, _W.owner == claim.owner)
    _guard(claim, conn.execute(DUE_WORK.update().where(*place).values(owner=_W.owner)))
    generation = conn.execute(sa.select(_W.generation).where(*place)).scalar()
    return generation == claim.generation


def finish(conn, claim):
    """The work is done: drop its row, in the transaction that did it.

    :raises ClaimLost: when the claim is not ours
    """
    _guard(claim, conn.execute(DUE_WORK.delete().where(*_mine(claim))))


def reschedule(conn, claim, due_at, error=None, payload=None):
    """Let go of the work, to be taken up again at ``due_at``.

    :param error: why it is not done, shown to who asks what it waits for
    :raises ClaimLost: when the claim is not ours
    """
    values = {
        'owner': None,
        'due_at': due_at,
        'until': due_at,
        'error': error,
        'generation': _W.generation + 1,
    }
    if error is None:
        values['attempts'] = 0
    if payload is not None:
        values['payload'] = orjson.dumps(payload).decode()
    _guard(claim, conn.execute(DUE_WORK.update().where(*_mine(claim)).values(values)))


def wait_for(
    conn, claim, waits_on, error=None, until=NEVER, failed=False, payload=None
):
    """Let go of the work until somebody calls :func:`wake` for what it needs.

    :param until: when it is due without that
    :param failed: whether this counts as a try; to wait is no failure
    :param payload: in place of what the claim has; None leaves that
    :raises ClaimLost: when the claim is not ours
    """
    values = {
        'owner': None,
        'waits_on': waits_on,
        'until': until,
        'error': error,
        'attempts': _W.attempts - (0 if failed else 1),
        'generation': _W.generation + 1,
    }
    if payload is not None:
        values['payload'] = orjson.dumps(payload).decode()
    _guard(claim, conn.execute(DUE_WORK.update().where(*_mine(claim)).values(values)))


def release(conn, claim):
    """Let go of work that was not finished; no effect when it is not ours.

    It is due at once. Who lets go in order did not fail, so this time does not
    count as a try, unless the work took longer than it may.
    """
    uncounted = sa.true() if not claim.is_overdue() else sa.false()
    uncounted &= _W.generation == claim.generation
    conn.execute(
        DUE_WORK.update()
        .where(_W.id == claim.id, _W.owner == claim.owner)
        # MariaDB assigns from left to right: what is read after it was
        # assigned is the new value.
        .ordered_values(
            (_W.attempts, sa.case((uncounted, _W.attempts - 1), else_=_W.attempts)),
            (_W.generation, _W.generation + 1),
            (_W.until, _W.due_at),
            (_W.owner, None),
        )
    )


def _mine(claim):
    return (
        _W.id == claim.id,
        _W.owner == claim.owner,
        _W.generation == claim.generation,
    )


def _guard(claim, result):
    if result.rowcount != 1:
        claim.lost.set()
        raise ClaimLost(f'{claim.kind} {claim.object_id}')
