"""The state table: what it promises, and that the store keeps to it."""

import unittest
import uuid

from mogan_like.common import clock
from mogan_like.common import fsm
from mogan_like.db import engine
from mogan_like.instances import models
from mogan_like.instances import states
from mogan_like.instances.store import instances as store
from tests.unit.db import db_case

_EVENTS = sorted({event for _state, event in states.TRANSITIONS})
#: What jobs say; all other events are verbs.
_OUTCOMES = ('done', 'fail')


def _events_of(status):
    return {event for state, event in states.TRANSITIONS if state == status}


class TableTest(unittest.TestCase):
    def test_nothing_but_unlock_leads_out_of_locked(self):
        self.assertEqual({'unlock'}, _events_of(states.LOCKED))
        self.assertEqual(states.ACTIVE, states.TRANSITIONS[states.LOCKED, 'unlock'])

    def test_nothing_but_lock_leads_into_locked_and_only_from_active(self):
        into = [pair for pair, to in states.TRANSITIONS.items() if to == states.LOCKED]
        self.assertEqual([(states.ACTIVE, 'lock')], into)

    def test_delete_is_legal_from_every_status_but_locked(self):
        sources = set(store.MACHINE.sources('delete'))
        self.assertEqual(set(states.ALL) - {states.LOCKED, states.DELETED}, sources)
        self.assertEqual(
            {states.DELETING}, set(store.MACHINE.sources('delete').values())
        )

    def test_nothing_leads_out_of_deleted(self):
        self.assertEqual(set(), _events_of(states.DELETED))

    def test_delete_cannot_fail(self):
        self.assertEqual({'delete', 'done'}, _events_of(states.DELETING))

    def test_busy_statuses_are_those_that_a_job_ends(self):
        ended = {state for state, event in states.TRANSITIONS if event == 'done'}
        self.assertEqual(set(states.BUSY), ended)
        may_fail = {state for state, event in states.TRANSITIONS if event == 'fail'}
        self.assertEqual(ended - {states.DELETING}, may_fail)

    def test_every_status_is_reached_and_every_live_one_can_be_left(self):
        named = {state for state, _event in states.TRANSITIONS}
        self.assertEqual(set(states.ALL), named | set(states.TRANSITIONS.values()))
        self.assertEqual(set(states.ALL), self.reach(states.BUILDING))
        for status in states.ALL:
            self.assertIn(states.DELETED, self.reach(status))

    @staticmethod
    def reach(status):
        reached, fresh = set(), {status}
        while fresh:
            reached |= fresh
            fresh = {
                to
                for (state, _event), to in states.TRANSITIONS.items()
                if state in fresh
            } - reached
        return reached

    def test_each_verb_leads_to_one_status(self):
        for event in set(_EVENTS) - set(_OUTCOMES):
            self.assertEqual(1, len(set(store.MACHINE.sources(event).values())), event)

    def test_machine_says_what_the_table_says(self):
        for status in states.ALL:
            for event in _EVENTS:
                self.assertEqual(
                    states.TRANSITIONS.get((status, event)),
                    store.MACHINE.target(status, event),
                )

    def test_event_that_does_not_exist_is_a_bug(self):
        machine = fsm.Machine({('A', 'go'): 'B'})
        self.assertRaises(KeyError, machine.sources, 'going')
        # Asking must not have made it.
        self.assertRaises(KeyError, machine.target, 'A', 'going')


class StoreTest(db_case.DatabaseCase):
    """The guarded UPDATE does what the table says, from every status."""

    def setUp(self):
        super().setUp()
        self.uuid = str(uuid.uuid4())
        self.in_transaction(
            store.insert,
            {
                'uuid': self.uuid,
                'name': 'n',
                'project_id': 'p',
                'user_id': 'u',
                'flavor_uuid': 'f',
                'metadata': '{}',
                'networks': '[]',
                'addresses': '{}',
            },
        )

    def put(self, status, **values):
        with engine.writer() as conn:
            conn.execute(models.INSTANCES.update().values(status=status, **values))

    def status(self):
        return self.rows(models.INSTANCES)[0]['status']

    def attempt(self, status, do, *args, **values):
        """(whether it moved, the status after) of a write to a status."""
        self.put(status, **values)
        return self.in_transaction(do, self.uuid, *args), self.status()

    def test_transition_moves_as_the_table_says(self):
        got, expected = {}, {}
        for event in _EVENTS:
            for status in states.ALL:
                target = states.TRANSITIONS.get((status, event))
                moves = target not in (None, status)
                expected[status, event] = (moves, target if moves else status)
                source = self.name_source(status, event)
                if source is KeyError:
                    expected.pop((status, event))
                    continue
                got[status, event] = self.attempt(
                    status, store.transition, event, source
                )
        self.assertEqual(expected, got)
        self.assertGreater(len(got), 80)

    @staticmethod
    def name_source(status, event):
        """Outcomes are written by a job that names the status it found."""
        if event not in _OUTCOMES:
            return None
        return status if (status, event) in states.TRANSITIONS else KeyError

    def test_outcome_of_a_status_that_is_no_more_moves_nothing(self):
        for status in set(states.ALL) - {states.BUILDING}:
            moved = self.attempt(status, store.transition, 'done', states.BUILDING)
            self.assertEqual((False, status), moved)

    def test_outcome_without_a_status_is_a_bug(self):
        self.put(states.BUILDING)
        self.assertRaises(
            ValueError, self.in_transaction, store.transition, self.uuid, 'done'
        )

    def test_unlock_is_the_holders_or_the_admins(self):
        got = {
            (holder, by): self.attempt(
                states.LOCKED, store.unlock, by, locked_by=holder
            )
            for holder in ('admin', 'owner')
            for by in ('admin', 'owner')
        }
        released, kept = (True, states.ACTIVE), (False, states.LOCKED)
        self.assertEqual(
            {
                ('admin', 'admin'): released,
                ('admin', 'owner'): kept,
                ('owner', 'admin'): released,
                ('owner', 'owner'): released,
            },
            got,
        )

    def test_lock_needs_active_and_an_admin_may_take_over_an_owners(self):
        got = {
            (status, holder, by): self.attempt(
                status, store.lock, by, 'me', locked_by=holder
            )[0]
            for status in states.ALL
            for holder in ('admin', 'owner')
            for by in ('admin', 'owner')
        }
        allowed = {key for key, moved in got.items() if moved}
        active = {
            ('ACTIVE', h, b) for h in ('admin', 'owner') for b in ('admin', 'owner')
        }
        self.assertEqual(active | {('LOCKED', 'owner', 'admin')}, allowed)

    def test_release_leaves_nothing_of_the_lock(self):
        self.put(states.ACTIVE)
        self.in_transaction(
            store.lock, self.uuid, 'owner', 'u', 'because', clock.utcnow()
        )
        self.assertTrue(self.in_transaction(store.unlock, self.uuid, 'owner'))
        row = self.rows(models.INSTANCES)[0]
        kept = {name: row[name] for name in row if 'lock' in name and row[name]}
        self.assertEqual({}, kept)

    def test_expiry_releases_a_lock_whose_time_is_over_and_no_other(self):
        now = clock.utcnow()
        got = {
            name: self.attempt(
                status, store.expire_lock, now, locked_by='admin', lock_expires_at=when
            )
            for name, status, when in (
                ('over', states.LOCKED, now),
                ('not yet', states.LOCKED, now.replace(year=now.year + 1)),
                ('never', states.LOCKED, None),
                ('not locked', states.STOPPED, now),
            )
        }
        self.assertEqual(
            {
                'over': (True, states.ACTIVE),
                'not yet': (False, states.LOCKED),
                'never': (False, states.LOCKED),
                'not locked': (False, states.STOPPED),
            },
            got,
        )

    def test_update_spares_locked_and_deleted(self):
        got = {
            status: self.attempt(status, store.update, {'name': 'x'})[0]
            for status in states.ALL
        }
        self.assertEqual(
            {states.LOCKED: False}, {s: m for s, m in got.items() if not m}
        )
        self.put(states.DELETED, deleted=1)
        self.assertFalse(self.in_transaction(store.update, self.uuid, {'name': 'y'}))
