"""Answers kept under the caller's Idempotency-Key, for a day.

Key, hash of the request and answer are written in the transaction that does
the work: after a crash there are both or neither. The key comes first in it,
so that of two requests with one key at once the later one waits for the other
and then does nothing: it cannot be refused what its twin has just taken.
"""

import datetime
import functools

import orjson
import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.db import engine

KEYS = base.table(
    'idempotency_keys',
    sa.Column('project_id', sa.String(64), primary_key=True),
    sa.Column('key', sa.String(64), primary_key=True),
    sa.Column('hash', sa.String(64), nullable=False),
    sa.Column('answer', base.LongText, nullable=False),
    sa.Column('created_at', base.UtcDateTime, nullable=False, index=True),
)


class Repeated(Exception):
    """The same request was done before.

    :ivar answer: what it was answered
    """

    def __init__(self, answer):
        self.answer = answer
        super().__init__('This request was done before.')


LIFETIME = datetime.timedelta(hours=24)


def reserve(conn, ctx, idempotency):
    """Take the key, before anything else in the transaction that does the work.

    No effect for a request without a key.

    :param idempotency: {'key', 'hash'}, or None for a request without a key
    :raises Repeated: with its answer, when this request was done before
    :raises IdempotencyKeyReused: when another request used the key
    """
    if idempotency is None:
        return
    now = clock.utcnow()
    conn.execute(
        KEYS.delete().where(*_is(ctx, idempotency), KEYS.c.created_at <= now - LIFETIME)
    )
    if not base.insert_unless_there(
        conn,
        KEYS,
        {
            'project_id': ctx.project_id,
            'key': idempotency['key'],
            'hash': idempotency['hash'],
            'created_at': now,
            'answer': 'null',
        },
    ):
        row = _find(conn, ctx, idempotency)
        if row is None or row.hash != idempotency['hash']:
            raise exception.IdempotencyKeyReused(key=idempotency['key'])
        raise Repeated(orjson.loads(row.answer))


def remember(conn, ctx, idempotency, answer):
    """Keep the answer under the key that :func:`reserve` took."""
    if idempotency is not None:
        conn.execute(
            KEYS.update()
            .where(*_is(ctx, idempotency))
            .values(answer=orjson.dumps(answer).decode())
        )


def forget(conn, limit):
    """Drop up to ``limit`` answers that are too old; returns how many."""
    old = conn.execute(
        sa.select(KEYS.c.project_id, KEYS.c.key)
        .where(KEYS.c.created_at <= clock.utcnow() - LIFETIME)
        .limit(limit)
    ).all()
    for row in old:
        conn.execute(
            KEYS.delete().where(
                KEYS.c.project_id == row.project_id, KEYS.c.key == row.key
            )
        )
    return len(old)


def once(verb):
    """Do a manager's verb that answers nothing once under an Idempotency-Key.

    :param verb: ``verb(manager, ctx, ..., idempotency=None)``; it does its work in one
        transaction, which begins with :func:`reserve`
    """

    @functools.wraps(verb)
    def do(manager, ctx, *args, idempotency=None, **kwargs):
        answer_once(
            ctx,
            idempotency,
            lambda: verb(manager, ctx, *args, idempotency=idempotency, **kwargs),
        )

    return do


def answer_once(ctx, idempotency, do):
    """The kept answer of this request, or what doing it now answers.

    :param do: does the request in one transaction, which begins with
        :func:`reserve` and ends with :func:`remember`
    """
    if idempotency is not None:
        with engine.reader() as conn:
            row = _find(conn, ctx, idempotency)
        # Another request under this key is refused by reserve, for the audit.
        if row is not None and row.hash == idempotency['hash']:
            return orjson.loads(row.answer)
    try:
        return do()
    except Repeated as exc:
        return exc.answer


def _find(conn, ctx, idempotency):
    return conn.execute(
        sa.select(KEYS.c.hash, KEYS.c.answer).where(
            *_is(ctx, idempotency), KEYS.c.created_at > clock.utcnow() - LIFETIME
        )
    ).first()


def _is(ctx, idempotency):
    return (KEYS.c.project_id == ctx.project_id, KEYS.c.key == idempotency['key'])
