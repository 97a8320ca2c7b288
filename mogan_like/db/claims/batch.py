"""Many claims at once: in few statements, all of them or none."""

import functools

import sqlalchemy as sa

from mogan_like.db.claims.claim import ClaimLost
from mogan_like.db.claims.table import DUE_WORK

_W = DUE_WORK.c

# By the id alone, since that is what the index has; who may do it is asked of the
# rows that it leads to. The generation moves on with every change of hands, so
# that with the id it names a hold as well as the owner does.
_ALL = (
    _W.id.in_(sa.bindparam('ids', expanding=True)),
    sa.tuple_(_W.id, _W.generation).in_(sa.bindparam('holds', expanding=True)),
)
_FINISH = DUE_WORK.delete().where(*_ALL)

#: Sizes of statements, so that few are ever compiled.
_SIZES = (1, 10, 100)


def finish_all(conn, held):
    """The work of all these claims is done: drop their rows.

    :raises ClaimLost: when one of them is not ours; which one is seen by trying
        each alone
    """
    if held:
        _guard_all(held, conn.execute(_FINISH, _name(held)).rowcount)


def reschedule_all(conn, due):
    """Let go of work that went well, to be taken up again at its time.

    :param due: [(claim, its time)]
    :raises ClaimLost: when one of them is not ours; which one is seen by trying
        each alone
    """
    for first in range(0, len(due), _SIZES[-1]):
        part = due[first : first + _SIZES[-1]]
        held = [claim for claim, _ in part]
        # One more time of the last one fills up what is left of the size.
        size = next(size for size in _SIZES if size >= len(part))
        times = part + part[-1:] * (size - len(part))
        values = {f'due_{number}': due_at for number, (_, due_at) in enumerate(times)}
        ids = {f'id_{number}': claim.id for number, (claim, _) in enumerate(times)}
        done = conn.execute(_make_reschedule(size), {**values, **ids, **_name(held)})
        _guard_all(held, done.rowcount)


@functools.cache
def _make_reschedule(size):
    time = sa.case(
        *(
            (
                _W.id == sa.bindparam(f'id_{number}', type_=_W.id.type),
                sa.bindparam(f'due_{number}', type_=_W.due_at.type),
            )
            for number in range(size)
        )
    )
    return (
        DUE_WORK.update()
        .where(*_ALL)
        .values(
            due_at=time,
            until=time,
            owner=None,
            error=None,
            attempts=0,
            generation=_W.generation + 1,
        )
    )


def _name(held):
    return {
        'ids': [claim.id for claim in held],
        'holds': [(claim.id, claim.generation) for claim in held],
    }


def _guard_all(held, count):
    if count == len(held):
        return
    if len(held) == 1:
        held[0].lost.set()
    raise ClaimLost(f'{len(held) - count} of {len(held)}')
