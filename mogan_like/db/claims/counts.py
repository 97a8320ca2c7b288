"""How much there is to do, for who watches."""

import typing

import sqlalchemy as sa

from mogan_like.db.claims.claim import after
from mogan_like.db.claims.table import DUE_WORK

_W = DUE_WORK.c


class Counts(typing.NamedTuple):
    """Rows of one kind.

    :ivar due: that nobody has taken yet
    :ivar overdue: those of them that have been due for some time
    :ivar retrying: that failed, and are due again or will be
    :ivar waiting: that wait on something
    :ivar claimed: that somebody is at
    """

    due: int = 0
    overdue: int = 0
    retrying: int = 0
    waiting: int = 0
    claimed: int = 0


def count(conn, kinds, late, horizon):
    """{kind: :class:`Counts`} of some kinds.

    :param late: seconds after which due work is overdue
    :param horizon: seconds within which all failed work is due again: no row that
        is due later is looked at
    """
    found = {kind: Counts() for kind in kinds}
    free = _W.owner.is_(None)
    query = sa.select(
        _W.kind,
        _count(free & (_W.until <= after(0))).label('due'),
        _count(free & (_W.until <= after(-late))).label('overdue'),
        _count(free & (_W.attempts > 0) & _W.waits_on.is_(None)).label('retrying'),
        _count(~free).label('claimed'),
    )
    soon = _W.kind.in_(found), _W.until <= after(horizon)
    for row in conn.execute(query.where(*soon).group_by(_W.kind)):
        found[row.kind] = Counts(row.due, row.overdue, row.retrying, 0, row.claimed)
    waiting = (
        sa.select(_W.kind, sa.func.count().label('number'))
        .where(_W.waits_on.is_not(None), _W.kind.in_(found))
        .group_by(_W.kind)
    )
    for row in conn.execute(waiting):
        found[row.kind] = found[row.kind]._replace(waiting=row.number)
    return found


def _count(condition):
    return sa.func.count(sa.case((condition, 1)))
