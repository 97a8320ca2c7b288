"""A database that is used again by another test is as good as new."""

import sqlalchemy as sa
import testtools

from mogan_like.db import engine
from mogan_like.db import quotas
from tests.unit.db import db_case

TABLE = quotas.QUOTA_USAGES
ROW = {'scope_id': 'p', 'resource': 'instances', 'used': 1}


class UsedAgainTest(testtools.TestCase):
    def test_a_connection_that_is_given_back_late_is_not_used_again(self):
        for _ in range(2):
            with db_case.Tables(self, 'sqlite'):
                with engine.writer() as conn:
                    conn.execute(TABLE.insert(), ROW)
                with engine.reader() as conn:
                    count = sa.select(sa.func.count()).select_from(TABLE)
                    self.assertEqual(1, conn.scalar(count))
                late = engine.get_writer_engine()
            # By a thread that had not seen yet that it is to end.
            late.connect().close()
