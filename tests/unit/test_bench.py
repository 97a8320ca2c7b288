"""What tools/bench.sh makes fits the tables; the numbers it prints are its own."""

import sqlalchemy as sa
import testtools

from mogan_like.db import tables
from tests import services
from tools.bench import database
from tools.bench import routes
from tools.bench import seeds


def _list_seeds():
    for family in routes.FAMILIES:
        yield from family.tables.items()
    for started in (False, True):
        yield from seeds.make_leases(started).items()
    yield 'due_work', seeds.make_due_work('dummy.vm.plugin', '2026-01-01')


class BenchTest(testtools.TestCase):
    def test_rows_have_what_their_tables_want(self):
        for name, columns in _list_seeds():
            with self.subTest(name):
                table = tables.METADATA.tables[name]
                self.assertLessEqual(set(columns), set(table.columns.keys()))
                wanted = {
                    column.name
                    for column in table.columns
                    if not column.nullable and column is not table.autoincrement_column
                }
                self.assertLessEqual(wanted, set(columns))

    def test_the_address_of_a_database_names_it(self):
        try:
            services.connect('mysql').close()
        except sa.exc.OperationalError:
            services.miss(self, 'MariaDB')
        with database.Database() as made, made.engine.connect() as conn:
            chosen = conn.execute(sa.text('SELECT DATABASE()')).scalar()
        self.assertRegex(chosen, '^mogan_like_bench_')
