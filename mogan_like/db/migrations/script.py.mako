"""${message}."""

from alembic import op
import sqlalchemy as sa

from mogan_like.db import base

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades if upgrades else "pass"}
