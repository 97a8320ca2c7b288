"""The trust of a lease: kept while it is of use, given back with what it served."""

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.leases import models
from mogan_like.leases import states
from mogan_like.leases.events import finish
from mogan_like.trusts import expected
from mogan_like.trusts import release
from tests.unit.db import db_case
from tests.unit.leases import events_case
from tests.unit.leases import lease_case
from tests.unit.trusts import expecting

HOUR = lease_case.HOUR
_TRUSTED = {'resource_type': 'thing', 'size': 1, 'before_end': 'trusted:x'}


class TrustsMixin(expecting.ExpectingMixin):
    def released(self):
        """The trusts that are to be deleted."""
        rows = self.rows(claims.DUE_WORK, kind=release.TRUST)
        return sorted(row['object_id'] for row in rows)

    def forget(self):
        """They are deleted."""
        trusts = claims.DUE_WORK.c.kind == release.TRUST
        self.in_transaction(
            lambda conn: conn.execute(claims.DUE_WORK.delete().where(trusts))
        )


class VerbsTest(TrustsMixin, lease_case.LeaseMixin, db_case.DatabaseCase):
    def test_created_lease_keeps_it_and_shows_it(self):
        made = self.create(trust_id='t1', reservations=[_TRUSTED])
        self.assertEqual('t1', made['trust_id'])
        self.assertEqual(([], 0), (self.released(), self.count_expected()))
        self.assertEqual((lease_case.PROJECT, 'x'), self.trusted.checked)

    def test_what_is_not_expected_any_more_is_not_kept(self):
        ctx = self.ctx()
        self.in_transaction(claims.remove, expected.EXPECTED, ctx.request_id)
        body = self.body(trust_id='t1', reservations=[_TRUSTED])
        self.assertRaises(exception.RequestTooLate, self.manager.create, ctx, body)
        self.assertEqual(([], ['t1']), (self.rows(models.LEASES), self.released()))

    def test_refused_create_gives_it_back_at_once(self):
        self.trusted.refusal = exception.InvalidParameter(name='before_end', reason='!')
        self.assertRaises(
            exception.InvalidParameter,
            self.create,
            trust_id='t1',
            reservations=[_TRUSTED],
        )
        self.assertEqual(['t1'], self.released())

    def test_create_that_breaks_gives_it_back(self):
        self.plugin.refusal = RuntimeError('a bug of the plugin')
        self.assertRaises(RuntimeError, self.create, trust_id='t1')
        self.assertEqual(['t1'], self.released())

    def test_repeated_create_gives_its_own_back(self):
        body = self.body(trust_id='t1')
        key = {'key': 'k', 'hash': 'h'}
        first = self.manager.create(self.ctx(), body, key)
        again = self.manager.create(self.ctx(), {**body, 'trust_id': 't2'}, key)
        self.assertEqual(first, again)
        self.assertEqual(['t2'], self.released())

    def test_update_that_asks_for_work_brings_one(self):
        uuid = self.create()['uuid']
        (row,) = self.reservations(uuid)
        values = {'reservations': [{'id': row['uuid'], 'before_end': 'trusted:y'}]}
        # Of the create, which made none.
        self.assertEqual(1, self.count_expected())
        lease = self.manager.update(self.ctx(project='x'), uuid, values, 't1')
        self.assertEqual(1, self.count_expected())
        self.assertEqual('t1', lease['trust_id'])
        self.assertEqual((lease_case.PROJECT, 'y'), self.trusted.checked)
        self.assertEqual([], self.released())
        lease = self.manager.update(self.ctx(), uuid, values, 't2')
        self.assertEqual('t1', lease['trust_id'])
        self.assertEqual((['t2'], 1), (self.released(), self.count_expected()))

    def test_refused_update_gives_it_back(self):
        uuid = self.create()['uuid']
        values = {'end_date': 'now'}
        self.assertRaises(
            exception.InvalidParameter,
            self.manager.update,
            self.ctx(),
            uuid,
            values,
            't1',
        )
        self.assertIsNone(self.lease(uuid)['trust_id'])
        self.assertEqual(['t1'], self.released())

    def test_update_of_a_lease_that_is_not_there_gives_it_back(self):
        self.assertRaises(
            exception.LeaseNotFound,
            self.manager.update,
            self.ctx(),
            'unknown',
            {'name': 'x'},
            't1',
        )
        self.assertEqual(['t1'], self.released())

    def test_verbs_that_only_ask_for_the_end_keep_it(self):
        uuid = self.create(trust_id='t1')['uuid']
        self.manager.end(self.ctx(), uuid)
        self.manager.delete(self.ctx(), uuid)
        self.assertEqual([], self.released())

    def test_abandoned_lease_gives_it_back(self):
        uuid = self.create(trust_id='t1')['uuid']
        self.manager.end(self.ctx(), uuid)
        self.manager.abandon(self.ctx(), uuid)
        self.assertEqual(['t1'], self.released())

    def test_refused_abandon_keeps_it(self):
        uuid = self.create(trust_id='t1')['uuid']
        self.assertRaises(
            exception.InvalidLeaseState, self.manager.abandon, self.ctx(), uuid
        )
        self.assertEqual([], self.released())

    def test_works_are_listed_with_what_they_need(self):
        self.assertEqual(
            [
                {'name': 'tell', 'needs_trust': False},
                {'name': 'trusted', 'needs_trust': True},
            ],
            self.manager.list_works(self.ctx()),
        )

    def test_work_that_takes_no_argument_refuses_one(self):
        for text in ('tell:x', 'tell:', ':x', 'Tell'):
            error = self.assertRaises(
                exception.InvalidParameter,
                self.create,
                reservations=[{**_TRUSTED, 'before_end': text}],
            )
            self.assertIn('before_end', str(error), text)
        self.assertEqual([], self.rows(models.LEASES))


class StepsTest(TrustsMixin, events_case.EventsMixin, db_case.DatabaseCase):
    def start(self, *works, **values):
        """A lease that runs, with a reservation for each work before its end."""
        reservations = [
            {'resource_type': 'thing', 'size': 1, 'before_end': work} for work in works
        ]
        return self.start_one(
            trust_id='t1', reservations=reservations or [{**_TRUSTED}], **values
        )

    def setUp(self):
        super().setUp()
        self.other_work = _Argued()
        works = {'tell': self.tell, 'trusted': self.other_work}
        plugins = {'thing': self.plugin, 'other': self.other}
        self.manager = lease_case.leases.LeasesManager(self.engine, plugins, works)
        self.jobs = events_case.jobs.LeaseJobs(plugins, works)

    def test_ended_lease_gives_it_back_in_the_same_transaction(self):
        uuid = self.start()
        self.manager.end(self.ctx(), uuid)
        self.assertEqual(['before_end'], self.step())
        self.assertEqual([], self.released())
        works = self.call(self.begin())
        self.assertEqual('TERMINATING', self.status(uuid))
        broken = _Broken(self, finish.trusts)
        self.assertFalse(self.finish(works))
        self.assertEqual(('TERMINATING', 1), (self.status(uuid), broken.calls))
        broken.mend()
        self.bring_forward(uuid)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)
        self.assertEqual(['t1'], self.released())

    def test_deleted_after_the_end_it_is_given_back_once(self):
        uuid = self.start()
        self.manager.end(self.ctx(), uuid)
        self.step()
        self.step()
        self.forget()
        self.manager.delete(self.ctx(), uuid)
        self.manager.delete(self.ctx(), uuid)
        self.assertEqual([], self.released())

    def test_deleted_before_its_start(self):
        uuid = self.create(trust_id='t1', reservations=[_TRUSTED])['uuid']
        self.manager.delete(self.ctx(), uuid)
        self.assertEqual(['end'], self.step())
        self.assertEqual(['t1'], self.released())
        self.assertEqual([], self.other_work.calls)

    def test_many_that_end_at_once_give_each_back(self):
        uuids = [
            self.start_one(
                trust_id=f't{number}' if number else None,
                reservations=[{'resource_type': 'thing', 'size': 1}],
            )
            for number in range(4)
        ]
        for uuid in uuids:
            self.manager.end(self.ctx(), uuid)
        self.assertEqual(['end'] * 4, self.step())
        self.assertEqual(['t1', 't2', 't3'], self.released())

    def test_work_is_told_what_it_needs(self):
        uuid = self.start('trusted:a:b')
        self.age(uuid, 2.5 * HOUR)
        time = self.lease(uuid)['before_end_date']
        self.assertEqual(['before_end'], self.step())
        (call,) = self.other_work.calls
        self.assertEqual(('a:b', 't1', time), _told(call))

    def test_what_it_was_due_at_stays_while_it_is_tried_and_the_lease_ended(self):
        uuid = self.start('trusted:a')
        self.age(uuid, 2.5 * HOUR)
        self.other_work.act = _fail
        self.step()
        self.manager.end(self.ctx(), uuid)
        self.bring_forward(uuid)
        self.step()
        first, second = self.other_work.calls
        self.assertEqual(first.due_at, second.due_at)

    def test_killed_before_it_was_written_down_it_is_called_the_same_again(self):
        uuid = self.start('tell', 'trusted:b')
        self.age(uuid, 2.5 * HOUR)
        self.other_work.act = _wait_for_b
        late = self.call(self.begin())
        self.kill(uuid)
        self.assertEqual(['before_end'], self.step())
        first, second = self.other_work.calls
        self.assertEqual(_told(first), _told(second))
        waiting = self.due(uuid)
        self.finish(late)
        self.assertEqual(waiting, self.due(uuid))
        self.assertEqual(('IN_PROGRESS', None), self.events(uuid)['before_end_lease'])

    def test_work_that_is_done_is_not_done_again_for_another_one(self):
        uuid = self.start('tell', 'trusted:a', 'trusted:b')
        self.age(uuid, 2.5 * HOUR)
        self.other_work.act = _wait_for_b
        for _ in range(3):
            self.assertEqual(['before_end'], self.step())
            self.assertEqual('waits', self.due(uuid)['error'])
            self.bring_forward(uuid)
        self.other_work.act = _fail
        self.step()
        self.bring_forward(uuid)
        self.other_work.act = None
        self.assertEqual(['before_end'], self.step())
        self.assertEqual(('DONE', 'done'), self.events(uuid)['before_end_lease'])
        self.assertEqual(1, len(self.tell.calls))
        # Fails once, by then without the one that was done.
        arguments = [call.argument for call in self.other_work.calls]
        self.assertEqual(['a', 'b', 'b', 'b', 'b', 'b'], arguments)
        self.assertEqual(
            [('before_end.thing', 'success')] * 2
            + [('before_end.thing', 'error'), ('before_end.thing', 'success')],
            self.action_events(uuid)['before_end'],
        )

    def test_all_of_it_is_done_again_when_the_lease_is_extended(self):
        uuid = self.start('tell', 'trusted:b')
        self.age(uuid, 2.5 * HOUR)
        self.other_work.act = _wait_for_b
        self.step()
        later = self.lease(uuid)['end_date'] + 2 * HOUR
        self.manager.update(self.ctx(), uuid, {'end_date': clock.isoformat(later)})
        self.other_work.act = None
        # Not to the time that it was due at before: a due time names a round.
        self.age(uuid, 2.1 * HOUR)
        self.assertEqual(['before_end'], self.step())
        self.assertEqual(2, len(self.tell.calls))
        self.assertNotEqual(*[call.due_at for call in self.tell.calls])

    def test_work_that_was_changed_meanwhile_is_done(self):
        uuid = self.start('tell', 'trusted:b')
        self.age(uuid, 2.5 * HOUR)
        self.other_work.act = _wait_for_b
        self.step()
        first = self.reservations(uuid)[0]
        values = {'reservations': [{'id': first['uuid'], 'before_end': 'trusted:c'}]}
        self.manager.update(self.ctx(), uuid, values)
        self.other_work.act = None
        self.bring_forward(uuid)
        self.step()
        self.bring_forward(uuid)
        self.step()
        arguments = [call.argument for call in self.other_work.calls]
        self.assertEqual({'b', 'c'}, set(arguments[1:]))

    def test_work_that_waits_holds_the_end_for_the_grace_only(self):
        uuid = self.start('trusted:b')
        self.other_work.act = _wait_for_b
        self.manager.end(self.ctx(), uuid)
        self.assertEqual(['before_end'], self.step())
        self.assertEqual(states.TERMINATING, self.status(uuid))
        self.age(uuid, 61 * events_case.SECOND)
        self.assertEqual(['end'], self.step())
        self.assert_ended(uuid)
        self.assertEqual(('ERROR', 'failed'), self.events(uuid)['before_end_lease'])
        self.assertEqual(['t1'], self.released())


class _Argued(events_case.Work):
    """Work that is told what to do."""

    needs_trust = True

    def check(self, conn, project_id, argument):
        """Anything goes."""


class _Broken:
    """Releases that fail until they are mended."""

    def __init__(self, test, module):
        self.calls = 0
        self._release, self._module = module.release, module
        test.addCleanup(self.mend)
        module.release = self._fail

    def mend(self):
        """They go well from now on."""
        self._module.release = self._release

    def _fail(self, *_args):
        self.calls += 1
        raise RuntimeError('no')


def _told(call):
    return call.argument, call.trust_id, call.due_at


def _fail(_call):
    raise RuntimeError('no')


def _wait_for_b(call):
    if call.argument == 'b':
        raise events_case.base.Waiting('waits')
