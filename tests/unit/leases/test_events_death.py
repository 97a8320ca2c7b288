"""Conductors that die at any point of any step: another one goes on."""

import itertools
import unittest.mock

from mogan_like.db import claims
from mogan_like.leases import models
from mogan_like.leases.store import steps as store
from tests.unit.db import db_case
from tests.unit.leases import events_case
from tests.unit.leases.events_case import HOUR

_WORK = [{'resource_type': 'thing', 'size': 1, 'before_end': 'tell'}]


class Killed(BaseException):
    """The conductor is no more."""


class DeathMixin(events_case.EventsMixin):
    """Cases are pairs of a step and a point of it."""

    verbs = {
        'start': 'on_start',
        'update': 'on_start',
        'before_end': 'before_end',
        'end': 'on_end',
    }

    def make_start(self):
        return self.create(start_date='now', reservations=_WORK)['uuid']

    def make_update(self):
        uuid = self.start_one(reservations=_WORK)
        (row,) = self.reservations(uuid)
        changed = [{'id': row['uuid'], 'size': 5}]
        self.manager.update(self.ctx(), uuid, {'reservations': changed})
        return uuid

    def make_before_end(self):
        uuid = self.start_one(reservations=_WORK)
        self.age(uuid, 2.5 * HOUR)
        return uuid

    def make_end(self):
        uuid = self.make_before_end()
        self.assertEqual(['before_end'], self.step())
        self.age(uuid, 0.5 * HOUR)
        return uuid

    def make(self, step):
        """A lease whose next step this is; how often its verb was called."""
        uuid = getattr(self, f'make_{step}')()
        return uuid, len(self.plugin.list_calls(self.verbs[step]))

    def die_in_begin(self):
        with unittest.mock.patch.object(store, 'set_started', side_effect=Killed):
            self.assertRaises(Killed, self.begin)
        return 0

    def die_begun(self):
        self.begin()
        return 0

    def die_called(self):
        self.call(self.begin())
        return 1

    def die_in_finish(self):
        works = self.call(self.begin())
        with unittest.mock.patch.object(store, 'set_reservations', side_effect=Killed):
            self.assertRaises(Killed, self.finish, works)
        return 1

    points = ('in_begin', 'begun', 'called', 'in_finish')

    def die(self, uuid, point):
        """Die there; how many calls were made by then."""
        calls = getattr(self, f'die_{point}')()
        self.kill(uuid)
        return calls

    def each(self):
        return itertools.product(self.verbs, self.points)

    def test_step_is_done_by_another_conductor_and_is_one_action(self):
        for step, point in self.each():
            uuid, before = self.make(step)
            calls = before + self.die(uuid, point)
            self.assertEqual([step], self.step(), point)
            self.check(uuid, step, calls + 1)
            self.set(claims.DUE_WORK, {'object_id': uuid}, until=claims.NEVER)
            self.plugin.calls.clear()

    def check(self, uuid, step, calls):
        self.assertEqual(calls, len(self.plugin.list_calls(self.verbs[step])))
        self.assertEqual([(step, 'success')], self.actions_of(uuid, step))
        if step == 'end':
            self.assert_ended(uuid)
            return
        self.assert_active(uuid)
        event = self.events(uuid)['before_end_lease']
        self.assertEqual('DONE' if step == 'before_end' else 'UNDONE', event[0])
        self.assertIsNone(self.due(uuid)['owner'])

    def actions_of(self, uuid, action):
        return [pair for pair in self.actions(uuid) if pair[0] == action]

    def test_lease_can_be_deleted_at_any_point(self):
        for step, point in self.each():
            uuid, _ = self.make(step)
            self.die(uuid, point)
            self.manager.delete(self.ctx(), uuid)
            # What comes before the end is done before it, if it was not.
            while self.status(uuid) != 'TERMINATED':
                self.assertTrue(self.step(), (step, point))
            self.assertEqual(1, self.lease(uuid)['deleted'])
            self.assertEqual([('delete', 'success')], self.actions_of(uuid, 'delete'))
            self.assertEqual({'deleted'}, set(self.reservation_statuses(uuid)))

    def test_conductor_that_was_only_late_changes_nothing(self):
        for step in self.verbs:
            uuid, _ = self.make(step)
            late = self.call(self.begin())
            self.kill(uuid)
            self.assertEqual([step], self.step())
            before = self.everything()
            self.finish(late)
            self.assertTrue(late[0].claim.lost.is_set())
            self.assertEqual(before, self.everything())
            self.set(claims.DUE_WORK, {'object_id': uuid}, until=claims.NEVER)

    def test_late_one_does_not_undo_what_is_in_its_batch(self):
        uuids = [self.create(start_date='now')['uuid'] for _ in range(3)]
        works = self.call(self.begin())
        self.kill(uuids[1])
        self.begin()
        self.finish(works)
        self.assertEqual(
            ['ACTIVE', 'STARTING', 'ACTIVE'], [self.status(uuid) for uuid in uuids]
        )
        self.assertIsNotNone(self.due(uuids[1])['owner'])

    def test_late_one_calls_nothing(self):
        self.make('start')
        works = self.begin()
        works[0].claim.lost.set()
        self.call(works)
        self.assertEqual([], self.plugin.list_calls('on_start'))

    def test_start_that_was_begun_is_ended_when_the_end_comes_meanwhile(self):
        uuid = self.create(start_date='now')['uuid']
        self.die(uuid, 'called')
        self.age(uuid)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid, start='failed')
        self.assertTrue(self.plugin.list_calls('on_end')[0].started)

    def test_claim_that_holds_is_not_taken(self):
        uuid, _ = self.make('start')
        self.begin()
        self.assertEqual([], self.begin())
        self.set(
            claims.DUE_WORK,
            {'object_id': uuid},
            until=self.lease(uuid)['created_at'] + HOUR,
        )
        self.assertEqual([], self.begin())

    def everything(self):
        tables = models.LEASES, models.RESERVATIONS, models.EVENTS, claims.DUE_WORK
        return [self.rows(table) for table in tables]


db_case.on_each(globals(), DeathMixin)
