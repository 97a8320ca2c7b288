"""Run by alembic: migrates over the connection it is handed."""

from alembic import context

from mogan_like.db import base


def run():
    """Migrate in the transaction that the connection is in."""
    context.configure(
        connection=context.config.attributes['connection'],
        target_metadata=base.METADATA,
        # SQLite changes a table by making it anew.
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
