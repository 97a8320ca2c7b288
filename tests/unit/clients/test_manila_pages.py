"""Lists that change while they are read, page by page."""

import itertools
import random

import testtools

from mogan_like.clients import manila_pages

SIZE = 4
#: Pages that are read at most for so many rows: each of them, and once more.
MOST = 200


class Rows:
    """A list as Manila keeps it.

    :param hidden: those that are cut out of a page when it was made already
    :param happen: called with the number of each page before it is read
    :param most: rows of a page, whatever is asked for
    """

    def __init__(self, rows, hidden=(), happen=lambda number: None, most=SIZE):
        self.most = most
        self.rows = list(rows)
        self.hidden = set(hidden)
        self.happen = happen
        self.reads = []

    def read(self, offset, limit):
        self.happen(len(self.reads))
        self.reads.append(offset)
        assert len(self.reads) < MOST, self.reads
        page = self.rows[offset : offset + min(limit, self.most)]
        return {each: str(each) for each in page if each not in self.hidden}

    def walk(self):
        return [int(each) for each in manila_pages.walk(self.read, SIZE)]


class PagesTest(testtools.TestCase):
    def test_any_number_of_rows(self):
        for count in range(4 * SIZE):
            rows = Rows(range(count))
            self.assertEqual(list(range(count)), rows.walk())

    def test_a_short_list_is_asked_for_until_its_end_is_sure(self):
        rows = Rows(range(SIZE - 1))
        rows.walk()
        self.assertEqual([0, SIZE - 1, 1], rows.reads)

    def test_pages_that_are_smaller_than_was_asked_for(self):
        for most in range(1, SIZE):
            for count in range(4 * SIZE):
                rows = Rows(range(count), most=most)
                self.assertEqual(list(range(count)), rows.walk(), (most, count))

    def test_rows_that_are_hidden_from_a_page_end_nothing(self):
        count = 4 * SIZE
        pairs = [{one, other} for one in range(count) for other in range(count)]
        # As many in a row as leave anything of a page.
        runs = [set(range(first, first + SIZE - 1)) for first in range(count)]
        for away in (*pairs, *runs):
            expected = [each for each in range(count) if each not in away]
            self.assertEqual(expected, Rows(range(count), away).walk(), away)

    def test_rows_that_go_move_no_others_past_the_edge(self):
        cases = itertools.product(range(1, 5), range(16), range(1, 5))
        for page, first, count in cases:
            away = set(range(first, first + count))
            found = self.walk_while_some_go(page, away)
            self.assertEqual(sorted(set(found)), found)
            self.assertEqual(set(), set(range(16)) - set(found) - away)

    def walk_while_some_go(self, page, away):
        def happen(number):
            if number == page:
                rows.rows = [each for each in rows.rows if each not in away]

        rows = Rows(range(16), happen=happen)
        return rows.walk()

    def test_all_rows_that_were_read_go(self):
        def happen(number):
            if number == 1:
                rows.rows = rows.rows[SIZE:]

        rows = Rows(range(3 * SIZE), happen=happen)
        self.assertEqual(list(range(3 * SIZE)), rows.walk())

    def test_a_list_that_changes_all_the_time_comes_to_an_end(self):
        for seed in range(200):
            chance = random.Random(seed)
            rows = Rows(range(24))

            def happen(_number, rows=rows, chance=chance):
                if rows.rows:
                    rows.rows.remove(chance.choice(rows.rows))

            rows.happen = happen
            found = rows.walk()
            self.assertEqual(len(set(found)), len(found))
            self.assertEqual(set(), set(rows.rows) - set(found), seed)
            self.assertLess(len(rows.reads), 3 * 24 / (SIZE - 1) + 3)

    def test_rows_that_go_take_no_others_with_them_whatever_a_page_has(self):
        for most, seed in itertools.product(range(1, SIZE + 1), range(300)):
            chance = random.Random(seed)
            rows = Rows(range(24), most=most)

            def happen(_number, rows=rows, chance=chance):
                if rows.rows and chance.random() < 0.5:
                    rows.rows.remove(chance.choice(rows.rows))

            rows.happen = happen
            found = rows.walk()
            self.assertEqual(sorted(set(found)), found, (most, seed))
            self.assertEqual(set(), set(rows.rows) - set(found), (most, seed))

    def test_rows_that_go_while_others_are_hidden_from_small_pages(self):
        for seed in range(300):
            chance = random.Random(seed)
            hidden = {each for each in range(24) if each % 3 == seed % 3}
            rows = Rows(range(24), hidden, most=3)

            def happen(_number, rows=rows, chance=chance):
                if rows.rows and chance.random() < 0.3:
                    rows.rows.pop(chance.randrange(len(rows.rows)))

            rows.happen = happen
            found = rows.walk()
            left = set(rows.rows) - rows.hidden
            self.assertEqual(set(), left - set(found), seed)

    def test_a_list_that_grows_at_its_beginning_comes_to_an_end(self):
        rows = Rows(range(100, 124))
        rows.happen = lambda number: rows.rows.insert(0, 99 - number)
        found = rows.walk()
        self.assertEqual(set(), set(range(100, 124)) - set(found))
