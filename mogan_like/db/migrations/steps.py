"""What revisions are made of; each step may be repeated.

MariaDB commits every step by itself: a sync that is killed leaves some of
them behind, and the next one begins the revision anew.
"""

from alembic import op

from mogan_like.db import base


def create_table(name, *columns):
    """Create a table of columns and constraints, unless it is there."""
    op.create_table(name, *columns, **base.TABLE_ARGS, if_not_exists=True)


def create_indexes(table, *indexes):
    """Create indexes, each a tuple of columns, unless they are there."""
    for columns in indexes:
        op.create_index(
            '_'.join(('ix', table, *columns)), table, columns, if_not_exists=True
        )
