"""Writes of what a project keeps and scheduled operations use: plans, triggers."""

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.protection import models


class Rows:
    """The rows of one table; each is found by its uuid and its project.

    :param table: with uuid, project_id, created_at and updated_at
    :param used_by: the column in which a scheduled operation names a row
    """

    def __init__(self, table, used_by):
        self._table = table
        self._used = sa.exists().where(used_by == table.c.uuid)

    def insert(self, conn, row):
        """Write a new one."""
        now = clock.utcnow()
        conn.execute(
            self._table.insert(), {**row, 'created_at': now, 'updated_at': now}
        )

    def hold(self, conn, uuid, project_id):
        """Keep it as it is to the end of the transaction.

        :returns: False when the project has none of this id
        """
        unchanged = {'updated_at': self._table.c.updated_at}
        return self._change(
            self._table.update().values(unchanged), conn, uuid, project_id
        )

    def update(self, conn, uuid, project_id, values):
        """Change it; False when the project has none of this id."""
        values = {'updated_at': clock.utcnow(), **values}
        return self._change(self._table.update().values(values), conn, uuid, project_id)

    def delete(self, conn, uuid, project_id):
        """Drop one that no scheduled operation uses.

        The caller has called :meth:`hold` in this transaction, as whoever writes a
        scheduled operation does.

        :returns: False when one does
        """
        unused = self._table.delete().where(~self._used)
        return self._change(unused, conn, uuid, project_id)

    def _change(self, statement, conn, uuid, project_id):
        columns = self._table.c
        statement = statement.where(
            columns.uuid == uuid, columns.project_id == project_id
        )
        return bool(conn.execute(statement).rowcount)


PLANS = Rows(models.PLANS, models.SCHEDULED_OPERATIONS.c.plan_uuid)
TRIGGERS = Rows(models.TRIGGERS, models.SCHEDULED_OPERATIONS.c.trigger_uuid)
