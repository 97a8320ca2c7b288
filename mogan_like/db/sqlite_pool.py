"""A pool for SQLite: a file that stays open knows its schema already.

oslo.db opens the file for each use. To read the schema then takes longer than most
statements, and whoever closes the file as the last writes all of its log back.
"""

import sqlalchemy as sa
from sqlalchemy import pool
from sqlalchemy.dialects import plugins

#: How the URL of a connection names it.
NAME = 'mogan_like_pool'
#: Connections that stay open when nobody uses them.
_KEPT = 10


class SqlitePool(sa.CreateEnginePlugin):
    """SQLAlchemy's own pool; oslo.db has no argument for it."""

    def __init__(self, url, kwargs):
        super().__init__(url, kwargs)
        if kwargs.get('poolclass') is pool.NullPool:
            # As many as are wanted at once, as without a pool.
            kwargs |= {
                'poolclass': pool.QueuePool,
                'pool_size': _KEPT,
                'max_overflow': -1,
            }

    def update_url(self, url):
        """The URL without the name of the plugin."""
        return url.difference_update_query(['plugin'])


plugins.register(NAME, __name__, SqlitePool.__name__)
