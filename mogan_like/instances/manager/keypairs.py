"""Verbs on keypairs."""

import hashlib

from oslo_db import exception as db_exc

from mogan_like.actions import recorder
from mogan_like.common import exception
from mogan_like.db import base
from mogan_like.db import engine
from mogan_like.db import idempotency as idempotency_keys
from mogan_like.db.quotas import count as quotas
from mogan_like.instances import sshkeys
from mogan_like.instances.queries import keypairs as queries
from mogan_like.instances.store import keypairs as store


class KeypairsManager:
    """RPC namespace ``keypairs``, version 1.0."""

    def create(self, ctx, user_id, name, public_key=None, idempotency=None):
        """Keep a public key, or make a pair and keep its public half.

        :returns: the row as plain values; with ``private_key`` when the pair
            was made here. That half is returned once and stored nowhere: a
            repeat under one Idempotency-Key has it as None.
        :raises InvalidParameter: when the public key cannot be read
        :raises AlreadyExists: when the user has a keypair of that name
        :raises QuotaExceeded: when the user has all they may have
        """
        idempotency = _make_personal(idempotency, user_id)
        made = sshkeys.generate() if public_key is None else None
        answer = idempotency_keys.answer_once(
            ctx,
            idempotency,
            lambda: _create(ctx, user_id, name, made, public_key, idempotency),
        )
        if made is None:
            return answer
        made_here = answer['fingerprint'] == made.fingerprint
        return {**answer, 'private_key': made.private_key if made_here else None}

    @engine.retried
    def delete(self, ctx, user_id, name):
        """Drop a keypair; instances keep the public key they were given.

        :raises KeypairNotFound: when there is none
        """
        with recorder.record(
            ctx,
            f'{user_id}/{name}'[:255],
            'delete',
            ctx.project_id,
            object_type='keypair',
        ) as entry:
            if not store.delete(entry.conn, user_id, name):
                raise exception.KeypairNotFound(name=name, user_id=user_id)
            quotas.give_back(entry.conn, user_id, 'keypairs')


def _make_personal(idempotency, user_id):
    """One key and body of two users of a project are two requests."""
    if idempotency is None:
        return None
    both = f'{user_id} {idempotency["hash"]}'.encode()
    return {**idempotency, 'hash': hashlib.sha256(both).hexdigest()}


@engine.retried
def _create(ctx, user_id, name, made, public_key, idempotency):
    with recorder.record(
        ctx, f'{user_id}/{name}'[:255], 'create', ctx.project_id, object_type='keypair'
    ) as entry:
        conn = entry.conn
        idempotency_keys.reserve(conn, ctx, idempotency)
        key = made or sshkeys.read(public_key)
        quotas.take(conn, ctx.project_id, 'keypairs', scope_id=user_id)
        try:
            store.insert(
                conn,
                {
                    'user_id': user_id,
                    'name': name,
                    'type': 'ssh',
                    'fingerprint': key.fingerprint,
                    'public_key': key.public_key,
                },
            )
        except db_exc.DBDuplicateEntry as exc:
            raise exception.AlreadyExists(noun='Keypair', name=name) from exc
        answer = base.to_plain(queries.get(conn, user_id, name))
        idempotency_keys.remember(conn, ctx, idempotency, answer)
        return answer
    # Only after a commit whose answer was lost: see recorder.record.
    with engine.reader() as conn:
        return base.to_plain(queries.get(conn, user_id, name))
