"""http_basic: a crowd of wrong passwords stops nobody else."""

import threading
import time

from mogan_like.api.auth import basic
from mogan_like.api.auth import users
from tests.unit.api.auth import test_basic
from tests.unit.api.auth import test_basic_pace


class LineTestCase(test_basic.BasicTestCase):
    """What became known while a request stood in line."""

    def setUp(self):
        super().setUp()
        self.write('ann', cost=11)
        self.check = basic.PasswordCheck()
        self.filter = basic.BasicAuth(self.app, self.path, self.check)
        self.spent = self.answer = None

    def stand_in_line(self):
        """A request that waits until all places to check are released."""
        for _ in range(2):
            self.check._checking.acquire()

        def work():
            start = time.thread_time()
            self.answer = self.ask_as(self.filter)
            self.spent = time.thread_time() - start

        self.thread = threading.Thread(target=work)
        self.thread.start()
        self.wait_for(lambda: self.check._places._value == 3)

    def go_on(self):
        for _ in range(2):
            self.check._checking.release()
        self.thread.join()

    def test_the_password_is_right(self):
        ann = users.UserFile(self.path).current()['ann']
        self.stand_in_line()
        proof = self.check._digest('ann', b'ann right', ann.password_hash)
        self.check._proven.put(proof, True, 60)
        self.go_on()
        self.assertEqual(200, self.answer.status)
        self.assertLess(self.spent, 0.03)

    def test_the_caller_was_wrong(self):
        self.stand_in_line()
        caller = self.check._digest('127.0.0.1', 'ann')
        for _ in range(5):
            self.check._by_caller.fail(caller)
        self.go_on()
        self.assert_out(self.answer)
        self.assertEqual('1', self.answer.headers['retry-after'])
        self.assertLess(self.spent, 0.03)


class CrowdTestCase(test_basic.BasicTestCase):
    """Many threads at once."""

    def make_filter(self, cost):
        self.write('ann', 'bob', cost=cost)
        self.check = basic.PasswordCheck()
        return basic.BasicAuth(self.app, self.path, self.check)

    def crowd(self, size, ask):
        """The answers to that many requests at the same moment."""
        answers = []
        start = threading.Barrier(size)

        def work(number):
            start.wait()
            answers.append(ask(number))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(size)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(size, len(answers))
        return answers

    def test_a_first_burst_with_the_right_password(self):
        guarded = self.make_filter(cost=5)
        for allowed in ({200, 503}, {200}):
            answers = self.crowd(12, lambda number: self.ask_as(guarded))
            found = {answer.status for answer in answers}
            self.assertIn(200, found)
            # 503 on a machine so busy that one check takes 50 ms.
            self.assertLessEqual(found, allowed)

    def test_a_burst_of_wrong_ones_gets_few_checks(self):
        guarded = self.make_filter(cost=10)
        answers = self.crowd(
            30, lambda number: self.ask_as(guarded, password=f'wrong {number}')
        )
        self.assertLessEqual({answer.status for answer in answers}, {401, 503})
        (failures, _), _ = next(iter(self.check._by_caller._failures._entries.values()))
        # Two were being checked when the first turned out wrong; a few more
        # may have sat out the pause.
        self.assertLessEqual(failures, 6)
        self.assertEqual([], self.app.environs)

    def test_right_and_wrong_at_once(self):
        guarded = self.make_filter(cost=4)

        def ask(number):
            wrong = number % 2
            address = f'192.0.2.{number}'
            return wrong, self.ask_as(
                guarded, password='wrong' if wrong else 'ann right', REMOTE_ADDR=address
            ).status

        for wrong, status in self.crowd(16, ask):
            self.assertIn(status, {401, 503} if wrong else {200, 401, 503})

    def test_who_is_remembered_is_served_during_an_attack(self):
        guarded = self.make_filter(cost=10)
        self.assertEqual(200, self.ask_as(guarded).status)
        done = threading.Event()

        def attack(number):
            while not done.is_set():
                self.ask_as(guarded, f'eve-{number}', 'x', REMOTE_ADDR='192.0.2.1')

        threads = [threading.Thread(target=attack, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(20):
                start = time.thread_time()
                self.assertEqual(200, self.ask_as(guarded).status)
                self.assertLess(time.thread_time() - start, 0.03)
        finally:
            done.set()
            for thread in threads:
                thread.join()

    def test_places_are_given_back(self):
        guarded = self.make_filter(cost=4)
        for _ in range(2):
            self.crowd(
                12,
                lambda number: self.ask_as(
                    guarded, f'eve-{number}', 'x', REMOTE_ADDR=f'192.0.2.{number}'
                ),
            )
        for name, size in test_basic_pace.PLACES:
            semaphore = getattr(self.check, name)
            for _ in range(size):
                self.assertTrue(semaphore.acquire(blocking=False))
            self.assertFalse(semaphore.acquire(blocking=False))
