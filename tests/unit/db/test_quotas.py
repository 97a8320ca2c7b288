"""Quota: counted to the last one, on each database, by many at once."""

import functools
import unittest

from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.db import quotas
from mogan_like.db.quotas import count
from tests import racing
from tests.unit.db import db_case


class QuotaTests:
    options = {'quota__instances': 4}

    def take(self, project='p', **kwargs):
        """What it raised, or None."""
        try:
            return self.in_transaction(count.take, project, 'instances', **kwargs)
        except exception.QuotaExceeded as exc:
            return exc

    def used(self, project='p'):
        rows = self.rows(quotas.QUOTA_USAGES, scope_id=project)
        return rows[0]['used'] if rows else None

    def test_first_ones_at_once_are_all_counted(self):
        """There is no row yet: whoever makes it must not shut the others out."""
        take = engine.retried(self.take)
        for number in range(10):
            project = f'p{number}'
            results = racing.at_once(*[functools.partial(take, project)] * 4)
            self.assertEqual([None] * 4, results)
            self.assertEqual(4, self.used(project))

    def test_the_last_one_is_given_once(self):
        take = engine.retried(self.take)
        refused = [exc for exc in racing.at_once(*[take] * 9) if exc is not None]
        self.assertEqual(
            {'Quota exceeded for instances: the limit is 4 and 4 are in use.'},
            {str(exc) for exc in refused},
        )
        self.assertEqual((5, 4), (len(refused), self.used()))

    def test_more_than_one_is_taken_as_a_whole_or_not(self):
        self.assertIsNone(self.take(count=3))
        self.assertIsNotNone(self.take(count=2))
        self.assertEqual(3, self.used())
        self.assertIsNone(self.take(count=1))

    def test_limits(self):
        for limit, taken in ((0, 0), (1, 1), (-1, 5)):
            project = f'limit {limit}'
            self.in_transaction(count.set_limits, project, {'instances': limit})
            refused = [self.take(project) for _ in range(5)]
            self.assertEqual(taken, refused.count(None))

    def test_never_fewer_than_none(self):
        self.take()
        for _ in range(3):
            self.in_transaction(count.give_back, 'p', 'instances')
        self.assertEqual(0, self.used())

    def test_what_is_registered_is_shown_with_its_default_or_its_own_limit(self):
        self.in_transaction(count.set_limits, 'p', {'keypairs': 7, 'gone': 1})
        limits = self.in_transaction(quotas.get_limits, 'p')
        self.assertEqual(set(quotas.list_resources()), set(limits))
        self.assertEqual((4, 7), (limits['instances'], limits['keypairs']))
        self.in_transaction(count.clear_limits, 'p')
        self.assertEqual(100, self.in_transaction(quotas.get_limit, 'p', 'keypairs'))

    def test_defaults_of_all_projects_go_before_the_options(self):
        self.in_transaction(count.set_defaults, {'instances': 1})
        self.in_transaction(count.set_limits, 'own', {'instances': 2})
        for project, limit in (('p', 1), ('own', 2)):
            get = functools.partial(self.in_transaction, quotas.get_limit, project)
            self.assertEqual(limit, get('instances'))
            refused = [self.take(project) for _ in range(5)]
            self.assertEqual(limit, refused.count(None))
        self.in_transaction(count.clear_limits, 'own')
        limits = self.in_transaction(quotas.get_limits, 'own')
        self.assertEqual((1, 100), (limits['instances'], limits['keypairs']))

    def test_use_is_the_projects_or_the_users(self):
        self.take('mine')
        for scope in ('mine', 'me'):
            self.in_transaction(count.take, 'mine', 'keypairs', scope_id=scope)
        self.in_transaction(count.take, 'mine', 'keypairs', scope_id='me')
        used = self.in_transaction(quotas.get_usages, 'mine', 'me')
        self.assertEqual((1, 2), (used['instances'], used['keypairs']))
        self.assertIsNone(self.in_transaction(quotas.get_used, 'me', 'instances'))


class RegisterTest(unittest.TestCase):
    def test_again_is_no_error_and_otherwise_is_one(self):
        before = quotas.list_resources()
        quotas.register('keypairs', per_user=True)
        self.assertEqual(before, quotas.list_resources())
        self.assertRaises(ValueError, quotas.register, 'keypairs')


db_case.on_each(globals(), QuotaTests)
