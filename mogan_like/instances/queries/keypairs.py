"""Reads of keypairs."""

import sqlalchemy as sa

from mogan_like.db import base
from mogan_like.instances import models

_K = models.KEYPAIRS.c

ALL = base.for_json(
    _K.name, _K.type, _K.fingerprint, _K.public_key, _K.user_id, _K.created_at
)
#: Nova's API numbers them.
NUMBERED = (_K.id, *ALL)


def get(conn, user_id, name, columns=ALL):
    """The row of a user's keypair, or None."""
    return conn.execute(
        sa.select(*columns).where(_K.user_id == user_id, _K.name == name)
    ).first()


def list_page(conn, user_id, page):
    """One page of a user's keypairs, or None when there is no such marker."""
    query = sa.select(*ALL).where(_K.user_id == user_id)
    marker = [_K.user_id == user_id, _K.name == page.marker]
    return base.select_page(conn, query, [_K.name], [_K.user_id], marker, page)
