"""http_basic: wrong passwords wait, names that are unknown too."""

import time

from mogan_like.api.auth import basic
from mogan_like.api.auth import users
from mogan_like.common import exception
from tests.unit.api.auth import auth_case
from tests.unit.api.auth import test_basic
from tests.unit.api.auth import test_cache

PLACES = (('_places', 4), ('_checking', 2), ('_pausing', 2))


class PaceTestCase(test_basic.BasicTestCase):
    """Time passes only by being waited for."""

    def setUp(self):
        super().setUp()
        self.clock = test_cache.Clock()
        self.waits = []
        self.check = basic.PasswordCheck(self.clock, self.wait)
        self.filter = basic.BasicAuth(self.app, self.path, self.check)

    def wait(self, seconds):
        self.waits.append(round(seconds, 6))
        self.clock.time += seconds

    def fail(self, times=1, **environ):
        for _ in range(times):
            self.assert_out(self.ask_as(self.filter, password='wrong', **environ))

    def test_slower_and_slower_but_a_second_at_most(self):
        self.fail(8)
        self.assertEqual([0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0], self.waits)

    def test_the_right_one_waits_once_and_is_forgiven(self):
        self.fail(3)
        self.assertEqual(200, self.ask_as(self.filter).status)
        self.assertEqual([0.1, 0.2, 0.4], self.waits)
        self.fail(2)
        self.assertEqual([0.1, 0.2, 0.4, 0.1], self.waits)

    def test_time_that_passed_by_itself_counts(self):
        self.fail(4)
        self.clock.time += 0.5
        self.waits.clear()
        self.fail()
        self.assertEqual([0.3], self.waits)

    def test_others_do_not_wait(self):
        self.fail(4)
        self.waits.clear()
        for who in (
            {'REMOTE_ADDR': '192.0.2.9'},
            {'name': 'bob', 'password': 'bob right'},
        ):
            self.assertEqual(200, self.ask_as(self.filter, **who).status)
        self.assertEqual([], self.waits)

    def test_unknown_names_wait_as_well(self):
        for _ in range(3):
            self.assert_out(self.ask_as(self.filter, 'nobody', 'x'))
        self.assertEqual([0.1, 0.2], self.waits)

    def test_who_is_remembered_does_not_wait(self):
        self.ask_as(self.filter)
        self.fail(4)
        self.waits.clear()
        self.assertEqual(200, self.ask_as(self.filter).status)
        self.assertEqual([], self.waits)

    def test_guessing_from_many_addresses_is_slowed_down(self):
        for number in range(15):
            self.fail(REMOTE_ADDR=f'10.0.0.{number}')
        self.assertEqual([0.1] * 4, self.waits)

    def test_and_slows_down_nobody_where_it_was_right_before(self):
        self.assertEqual(200, self.ask_as(self.filter, REMOTE_ADDR='::5').status)
        self.clock.time += 61
        for number in range(30):
            self.fail(REMOTE_ADDR=f'10.0.0.{number}')
        self.waits.clear()
        self.assertEqual(200, self.ask_as(self.filter, REMOTE_ADDR='::5').status)
        self.assertEqual([], self.waits)

    def test_a_real_pause_is_long_enough(self):
        check = basic.PasswordCheck()
        ann = users.UserFile(self.path).current()['ann']
        for password in (b'wrong', b'wrong', b'ann right'):
            start = time.monotonic()
            with self.subTest(password=password):
                if password == b'wrong':
                    with self.assertRaises(exception.Unauthorized):
                        check.require('ann', password, ann, ann, 'here')
                else:
                    check.require('ann', password, ann, ann, 'here')
        self.assertGreater(time.monotonic() - start, 0.15)


class FullTestCase(test_basic.BasicTestCase):
    """No place left."""

    def setUp(self):
        super().setUp()
        self.waits = []
        self.check = basic.PasswordCheck(wait=self.waits.append)
        self.filter = basic.BasicAuth(self.app, self.path, self.check)

    def fill(self, name, size):
        """Take a semaphore's places, until the test ends or lets go."""
        semaphore = getattr(self.check, name)
        for _ in range(size):
            self.assertTrue(semaphore.acquire(blocking=False))

        def empty():
            for _ in range(size):
                semaphore.release()

        return empty

    def test_no_place_to_check_is_503_with_a_time_to_come_back(self):
        for name, size in PLACES[:2]:
            empty = self.fill(name, size)
            answer = self.ask_as(self.filter)
            empty()
            self.assert_refused(answer, 503, 'ServiceUnavailable')
            self.assertEqual('1', answer.headers['retry-after'])
            self.assertEqual([], self.app.environs)
        self.assertEqual(200, self.ask_as(self.filter).status)

    def test_no_place_to_sit_out_a_pause_is_401_at_once(self):
        for _ in range(2):
            self.ask_as(self.filter, password='wrong')
        self.waits.clear()
        self.fill('_pausing', 2)
        answer = self.ask_as(self.filter)
        self.assert_out(answer)
        self.assertEqual('1', answer.headers['retry-after'])
        self.assertEqual([], self.waits)

    def test_who_is_remembered_needs_no_place(self):
        self.ask_as(self.filter)
        for name, size in PLACES:
            self.fill(name, size)
        self.assertEqual(200, self.ask_as(self.filter).status)

    def test_an_error_of_any_kind_gives_the_place_back(self):
        def explode(seconds):
            raise RuntimeError('bug')

        self.check._wait = explode
        self.ask_as(self.filter, password='wrong')
        with self.assertRaises(RuntimeError):
            self.ask_as(self.filter, password='wrong')
        for name, size in PLACES:
            self.fill(name, size)()


class UnknownNameTestCase(test_basic.BasicTestCase):
    """A name that is not there takes as long as one that is."""

    def test_nobody_gets_in_whatever_the_password(self):
        ann = users.UserFile(self.path).current()['ann']
        with self.assertRaises(exception.Unauthorized):
            basic.PasswordCheck().require('eve', b'ann right', None, ann, 'here')

    def test_what_is_digested_is_kept_apart(self):
        check = basic.PasswordCheck()
        self.assertNotEqual(check._digest('ab', 'c'), check._digest('a', 'bc'))

    def spend(self, app, name):
        start = time.thread_time()
        self.assert_out(self.ask_as(app, name, 'wrong', REMOTE_ADDR=f'{name}-here'))
        return time.thread_time() - start

    def test_as_long(self):
        self.write('ann', 'bob', 'zoe', cost=10)
        app = self.wrap()
        known = min(self.spend(app, name) for name in ('ann', 'bob', 'zoe'))
        unknown = min(self.spend(app, name) for name in ('eve', 'mal', 'sue'))
        self.assertLess(abs(known - unknown), known / 2)

    def test_each_cost_of_the_file_is_used_and_kept_to(self):
        auth_case.write_users(
            self.path,
            auth_case.entry('ann', 'x', cost=4),
            auth_case.entry('bob', 'x', cost=6),
        )
        known = users.UserFile(self.path).current()
        names = [f'nobody-{number}' for number in range(60)]
        costs = [basic._stand_in(name, known).cost for name in names]
        self.assertEqual({4, 6}, set(costs))
        self.assertEqual(costs, [basic._stand_in(name, known).cost for name in names])
