"""Steps against verbs of people, and against other conductors."""

import threading
import unittest.mock

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.leases.plugins import base
from mogan_like.leases.store import leases as lease_store
from mogan_like.leases.store import steps as store
from tests.unit.db import db_case
from tests.unit.leases import events_case
from tests.unit.leases.events_case import HOUR


class PeopleMixin(events_case.EventsMixin):
    def begin_start(self):
        uuid = self.create(start_date='now')['uuid']
        return uuid, self.call(self.begin())

    def begin_end(self):
        uuid = self.start_one()
        self.age(uuid)
        return uuid, self.call(self.begin())

    def test_end_while_starting(self):
        uuid, works = self.begin_start()
        self.manager.end(self.ctx(), uuid)
        self.assertTrue(self.finish(works))
        self.assertEqual('TERMINATING', self.status(uuid))
        self.assertEqual(('DONE', 'done'), self.events(uuid)['start_lease'])
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)
        self.assertEqual(
            [('create', 'success'), ('end', 'success'), ('start', 'success')],
            sorted(self.actions(uuid)),
        )

    def test_delete_while_starting_that_fails(self):
        self.plugin.fail('on_start', exception.Conflict('no'))
        uuid, works = self.begin_start()
        self.manager.delete(self.ctx(), uuid)
        self.finish(works)
        self.assertEqual('DELETING', self.status(uuid))
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid, start='failed')
        self.assertEqual(1, self.lease(uuid)['deleted'])

    def test_end_while_the_start_waits_is_not_waited_for(self):
        self.plugin.fail('on_start', base.Waiting('no', 'i-1', 3600))
        uuid, works = self.begin_start()
        self.manager.end(self.ctx(), uuid)
        self.assertTrue(self.finish(works))
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid, start='failed')

    def test_delete_while_ending(self):
        uuid, works = self.begin_end()
        self.manager.delete(self.ctx(), uuid)
        self.finish(works)
        self.assert_ended(uuid)
        self.assertEqual(1, self.lease(uuid)['deleted'])
        self.assertEqual(('delete', 'success'), self.actions(uuid)[-1])
        self.assertEqual(1, len(self.plugin.list_calls('on_end')))

    def test_delete_while_an_end_fails(self):
        self.plugin.fail('on_end', exception.Conflict('no'))
        uuid, works = self.begin_end()
        self.manager.delete(self.ctx(), uuid)
        self.finish(works)
        self.assertEqual('DELETING', self.status(uuid))
        self.plugin.fail('on_end', None)
        self.bring_forward(uuid)
        self.step()
        self.assert_ended(uuid)

    def test_delete_while_updating(self):
        uuid = self.start_one()
        (row,) = self.reservations(uuid)
        changed = [{'id': row['uuid'], 'size': 5}]
        self.manager.update(self.ctx(), uuid, {'reservations': changed})
        works = self.call(self.begin())
        self.manager.delete(self.ctx(), uuid)
        self.finish(works)
        self.assertEqual('DELETING', self.status(uuid))
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)

    def test_ended_a_hundred_times_is_ended_once(self):
        uuid = self.start_one()
        for _ in range(10):
            self.manager.end(self.ctx(), uuid)
            self.step()
        for _ in range(10):
            self.manager.delete(self.ctx(), uuid)
            self.step()
        self.assert_ended(uuid)
        self.assertEqual(1, len(self.plugin.list_calls('on_end')))

    def test_extension_after_the_end_was_begun_is_refused(self):
        uuid, works = self.begin_end()
        self.assertRaises(exception.InvalidLeaseState, self.extend, uuid)
        self.finish(works)
        self.assert_ended(uuid)

    def test_extension_in_time_wins(self):
        uuid = self.start_one()
        self.age(uuid)
        self.extend(uuid)
        self.assertEqual([], self.step())
        self.assert_active(uuid)
        self.assertEqual([], self.plugin.list_calls('on_end'))

    def extend(self, uuid):
        later = clock.isoformat(clock.utcnow() + HOUR)
        self.manager.update(self.ctx(), uuid, {'end_date': later})

    def test_extension_at_the_same_moment_wins_wholly_or_is_refused_wholly(self):
        uuid = self.start_one()
        self.age(uuid)
        outcomes = []

        def extend():
            try:
                self.extend(uuid)
            except (exception.InvalidLeaseState, exception.Conflict) as exc:
                outcomes.append(type(exc))

        thread = threading.Thread(target=extend)
        self.at(store, 'list_reservations', lambda: _run_for_a_moment(thread))
        works = self.call(self.begin())
        thread.join()
        if works:
            self.assertEqual(1, len(outcomes))
            self.finish(works)
            self.assert_ended(uuid)
        else:
            self.assertEqual([], outcomes)
            self.assert_active(uuid)

    def test_abandon_while_the_end_is_called_is_the_end_of_it(self):
        uuid, works = self.begin_end()
        self.manager.abandon(self.ctx(), uuid)
        self.finish(works)
        self.assertEqual('TERMINATED', self.status(uuid))
        self.assertEqual(('ERROR', 'abandoned'), self.events(uuid)['end_lease'])
        self.assertTrue(works[0].claim.lost.is_set())

    def at(self, module, name, do):
        """Do something just before a function of a module is called."""
        function = getattr(module, name)

        def run(*args):
            patch.stop()
            do()
            return function(*args)

        patch = unittest.mock.patch.object(module, name, run)
        patch.start()


class OrderMixin(events_case.EventsMixin):
    def test_claims_of_two_conductors_are_different(self):
        for _ in range(10):
            self.create(start_date='now')
        first = self.jobs.begin('lease/thing', 4).works
        second = self.jobs.begin('lease/thing', 10).works
        self.assertEqual((4, 6), (len(first), len(second)))

    def test_longest_due_first(self):
        uuids = [self.create(start_date='now')['uuid'] for _ in range(3)]
        self.age(uuids[2], HOUR / 60)
        (work,) = self.jobs.begin('lease/thing', 1).works
        self.assertEqual(uuids[2], work.lease.uuid)

    def test_guard_of_the_begin_asks_for_the_status_again(self):
        uuid = self.create(start_date='now')['uuid']
        with unittest.mock.patch.object(store, 'lock_free_leases', self.lock_stale):
            self.assertEqual([], self.begin())
        # Nothing of that transaction stayed.
        self.assertEqual('PENDING', self.status(uuid))
        self.assertEqual((None, 0), _get_owner(self.due(uuid)))
        self.assertEqual(['start'], self.step())

    def test_guard_of_the_finish_asks_for_the_status_again(self):
        uuid = self.create(start_date='now')['uuid']
        works = self.call(self.begin())
        with unittest.mock.patch.object(
            store, 'lock_leases', lambda *args: self.lock_stale(*args)[0]
        ):
            self.finish(works)
        self.assertEqual('STARTING', self.status(uuid))
        # It is looked at again, and makes sense then.
        self.assertEqual((None, 1), _get_owner(self.due(uuid)))

    def lock_stale(self, conn, uuids):
        """As if the database kept no lock."""
        rows = {row.uuid: row for row in conn.execute(store._LEASES, {'ids': uuids})}
        for uuid, row in rows.items():
            lease_store.set_status(conn, uuid, row.status, 'TERMINATING')
        return rows, ()


class BusyMixin(events_case.EventsMixin):
    """With more than one writer at a time."""

    def test_lease_that_a_verb_is_at_is_not_waited_for(self):
        free = self.create(start_date='now')['uuid']
        uuid = self.create(start_date='now')['uuid']
        with engine.writer() as conn:
            lease_store.rename(conn, uuid, 'new')
            (work,) = self.begin()
            self.assertEqual(free, work.lease.uuid)
        self.assertEqual((None, 0), _get_owner(self.due(uuid)))
        self.bring_forward(uuid)
        self.assertEqual(['start'], self.step())


def _get_owner(due):
    return due['owner'], due['attempts']


def _run_for_a_moment(thread):
    thread.start()
    thread.join(0.2)


db_case.on_each(globals(), PeopleMixin, OrderMixin)
db_case.on_each(globals(), BusyMixin, backends=('mysql', 'postgresql'))
