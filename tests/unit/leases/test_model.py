"""Leases against a model of them: random verbs, times, failures and deaths.

The same sequences in every run; with ``MOGAN_LIKE_MODEL_EXAMPLES=1000`` so many
others. What fails is printed as the calls that lead to it.
"""

import datetime
import os
import unittest.mock

import fixtures
import hypothesis
from hypothesis import stateful
from hypothesis import strategies as st

from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.leases.store import steps as step_store
from tests.unit.db import db_case
from tests.unit.leases import lease_model
from tests.unit.leases import model_site

SECOND = datetime.timedelta(seconds=1)
MINUTE = 60 * SECOND
TICK = datetime.timedelta(milliseconds=1)
_EXAMPLES = 'MOGAN_LIKE_MODEL_EXAMPLES'
_MORE = os.environ.get(_EXAMPLES)
_SETTINGS = hypothesis.settings(
    max_examples=int(_MORE or 10),
    stateful_step_count=40,
    derandomize=not _MORE,
    database=None,
    deadline=None,
    # To make a failure smaller takes minutes.
    phases=[hypothesis.Phase.generate, *([hypothesis.Phase.shrink] if _MORE else [])],
    suppress_health_check=list(hypothesis.HealthCheck),
)
_KINDS = st.sampled_from([lease_model.DUMMY, lease_model.HOST])
#: Which lease of those there are.
_PICKS = st.integers(0, 5)
_MINUTES = st.sampled_from([0, 1, 3, 6])


class Killed(BaseException):
    """The conductor is no more."""


class LeaseMachine(stateful.RuleBasedStateMachine):
    """Does one thing after another to the service and to the model of it."""

    def __init__(self, case):
        super().__init__()
        self.case = case
        case.empty()
        self.site = model_site.Site(case)
        self.model = lease_model.Model(self.site.hosts, clock.utcnow())
        # What is begun, called, and left by a conductor that is thought dead.
        self.begun, self.called, self.late = [], [], []

    # The clock

    @stateful.rule(by=st.sampled_from([SECOND, 20 * SECOND, MINUTE, 4 * MINUTE]))
    def pass_time(self, by):
        self._move_clock(by)

    def _move_clock(self, by):
        self.model.now += by
        self.case.now = self.model.now
        held = [work for work, *_ in [*self.begun, *self.called]]
        if held:
            self.site.renew(held)
        for work in held:
            lease = self.model.leases[work.lease.uuid]
            lease.until = self.model.now + self.site.ttl

    # People

    @stateful.rule(
        kind=_KINDS, start=_MINUTES, length=_MINUTES, count=st.integers(1, 2)
    )
    def create(self, kind, start, length, count):
        start = self.model.now + start * MINUTE
        end = start + (length or 10) * MINUTE
        count = count if kind == lease_model.HOST else 0
        verdict = lease_model.ask(self.model.check_create, count, start, end)
        uuid = self._try(verdict, self.site.create, kind, start, end, count)
        if verdict is None:
            hosts = self.site.list_hosts(uuid)
            self.model.create(uuid, kind, count, start, end, hosts)

    @stateful.precondition(lambda self: self.model.leases)
    @stateful.rule(pick=_PICKS, start=st.none() | _MINUTES, length=_MINUTES)
    def update_dates(self, pick, start, length):
        uuid, lease = self._pick(pick)
        values = {}
        if start is not None:
            values['start_date'] = self.model.now + start * MINUTE
        start = values.get('start_date', lease.start)
        values['end_date'] = end = start + length * MINUTE
        verdict = lease_model.ask(self.model.check_update, lease, start, end)
        self._try(verdict, self.site.update, uuid, values)
        if verdict is None:
            self.model.update(lease, start, end, self.site.list_hosts(uuid))

    @stateful.precondition(lambda self: self.model.leases)
    @stateful.rule(pick=_PICKS, note=st.integers(0, 2))
    def update_values(self, pick, note):
        uuid, lease = self._pick(pick)
        if lease.type != lease_model.DUMMY:
            return
        verdict = lease_model.ask(
            self.model.check_update, lease, lease.start, lease.end
        )
        changed = self._try(verdict, self.site.update_values, uuid, note)
        if verdict is None:
            self.model.update(lease, lease.start, lease.end, set(), changed)

    @stateful.precondition(lambda self: self.model.leases)
    @stateful.rule(pick=_PICKS, times=st.integers(1, 2))
    def end(self, pick, times):
        uuid, lease = self._pick(pick)
        verdict = 'LeaseNotFound' if lease.deleted else None
        for _ in range(times):
            self._try(verdict, self.site.manager.end, self.site.ctx(), uuid)
        if verdict is None:
            self.model.end(lease)

    @stateful.precondition(lambda self: self.model.leases)
    @stateful.rule(pick=_PICKS, times=st.integers(1, 2))
    def delete(self, pick, times):
        uuid, lease = self._pick(pick)
        for _ in range(times):
            self.site.manager.delete(self.site.ctx(), uuid)
        self.model.delete(lease)

    # Instances on the hosts

    @stateful.precondition(lambda self: any(self.model.given.values()))
    @stateful.rule(pick=_PICKS)
    def put_instance(self, pick):
        places = sorted(
            (host, uuid)
            for uuid, lease in self.model.leases.items()
            for host in lease.hosts
            if lease.status == 'ACTIVE'
            and self.model.given[host] is lease
            and host not in lease.list_used()
        )
        if places:
            host, uuid = places[pick % len(places)]
            instance = self.site.put_instance(host, uuid)
            self.model.leases[uuid].instances[instance] = lease_model.Instance(host)

    @stateful.precondition(lambda self: self.model.pick_instance(0, 'ACTIVE')[0])
    @stateful.rule(pick=_PICKS, holder=st.sampled_from(['admin', 'owner']))
    def lock(self, pick, holder):
        uuid, instance = self.model.pick_instance(pick, 'ACTIVE')
        if instance is not None:
            self.site.instances.lock(self.site.ctx(), uuid, holder)
            instance.status, instance.locked_by = 'LOCKED', holder

    @stateful.precondition(lambda self: self.model.pick_instance(0, 'LOCKED')[0])
    @stateful.rule(pick=_PICKS)
    def unlock(self, pick):
        uuid, instance = self.model.pick_instance(pick, 'LOCKED')
        if instance is not None:
            self.site.instances.unlock(self.site.ctx(), uuid, 'admin')
            instance.status, instance.locked_by = 'ACTIVE', None
            self.model.wake(uuid)

    @stateful.precondition(lambda self: self.model.pick_instance(0, 'DELETING')[0])
    @stateful.rule(pick=_PICKS)
    def remove_instance(self, pick):
        uuid, instance = self.model.pick_instance(pick, 'DELETING')
        if instance is not None:
            self.site.remove_instance(uuid)
            instance.status = 'DELETED'
            self.model.wake(uuid)

    @stateful.precondition(lambda self: any(self.model.given.values()))
    @stateful.rule(pick=_PICKS)
    def end_while_locked(self, pick):
        """An end that waits for an instance goes on when it is unlocked."""
        self.put_instance(pick)
        held, instance = self.model.pick_instance(pick, 'ACTIVE')
        if instance is None:
            return
        self.lock(pick, 'admin')
        uuids = [u for u, e in self.model.leases.items() if held in e.instances]
        self.end(list(self.model.leases).index(uuids[0]), 1)
        self.run(lease_model.HOST)
        self.unlock(pick)

    # The conductor

    @stateful.rule(kind=_KINDS)
    def begin(self, kind):
        expected = self.model.begin(kind, self.site.ttl)
        works = self.site.jobs.begin(kind=f'lease/{kind}', limit=100).works
        found = {work.lease.uuid: work for work in works}
        steps = {uuid: work.step.value for uuid, work in found.items()}
        self.case.assertEqual({uuid: e[0] for uuid, e in expected.items()}, steps)
        for uuid, (step, claim, started) in expected.items():
            self.begun.append((found[uuid], step, claim, started))

    @stateful.precondition(lambda self: self.begun)
    @stateful.rule()
    def call(self):
        works, self.begun = self.begun, []
        for work, step, claim, started in works:
            lease = self.model.leases[work.lease.uuid]
            outcome = self._expect(lease, step, work)
            lease.calls[step] += 1
            self.site.call(work)
            (task,) = work.tasks
            self.case.assertEqual(outcome, task.outcome.kind.value)
            self.site.check_call(step, started)
            self._adopt_hosts(lease, work.lease.uuid, step)
            self.called.append((work, step, claim, outcome))

    @stateful.precondition(lambda self: self.called)
    @stateful.rule()
    def finish(self):
        works, self.called = self.called, []
        self.site.jobs.finish([work for work, *_ in works])
        for work, step, _, outcome in works:
            lease = self.model.leases[work.lease.uuid]
            if self.model.finish(lease, step, outcome):
                self._adopt_due(lease, work.lease.uuid)

    @stateful.rule(kind=_KINDS)
    def run(self, kind):
        self.begin(kind)
        if self.begun:
            self.call()
        if self.called:
            self.finish()

    @stateful.rule(verb=st.sampled_from(['on_start', 'on_end']))
    def break_plugin(self, verb):
        self.site.dummy.failing ^= {verb}

    @stateful.precondition(lambda self: self.begun or self.called)
    @stateful.rule()
    def crash(self):
        self.late += self.called
        self.begun, self.called = [], []
        self.site.start_engine()

    @stateful.precondition(lambda self: self.model.leases)
    @stateful.rule(kind=_KINDS)
    def take_over(self, kind):
        """One that is thought dead writes when another one is at its work."""
        self.begin(kind)
        if self.begun:
            self.call()
        self.crash()
        self._move_clock(self.site.ttl + SECOND)
        self.begin(kind)
        self.finish_late()

    @stateful.rule(kind=_KINDS)
    def crash_in_begin(self, kind):
        before = self.site.dump()
        with unittest.mock.patch.object(step_store, 'set_events', side_effect=Killed):
            try:
                self.site.jobs.begin(f'lease/{kind}', 100)
            except Killed:
                self.case.assertEqual(before, self.site.dump())
                self.crash()

    @stateful.precondition(lambda self: self.called)
    @stateful.rule()
    def crash_in_finish(self):
        before = self.site.dump()
        works = [work for work, *_ in self.called]
        with unittest.mock.patch.object(claims, 'finish_all', side_effect=Killed):
            self.case.assertRaises(Killed, self.site.jobs.finish, works)
        self.case.assertEqual(before, self.site.dump())
        self.crash()

    @stateful.precondition(lambda self: self.late)
    @stateful.rule()
    def finish_late(self):
        """What was thought dead writes nothing of what others have taken over."""
        lost = [
            work
            for work, _, claim, _ in self.late
            if self.model.leases[work.lease.uuid].claim != claim
        ]
        if lost:
            before = self.site.dump()
            self.site.jobs.finish(lost)
            self.case.assertEqual(before, self.site.dump())

    @stateful.rule()
    def scan(self):
        """Nothing waits on what holds it no more."""
        before = self.site.dump()
        self.site.jobs.scan([])
        self.case.assertEqual(before, self.site.dump())

    @stateful.invariant()
    def agree(self):
        self.site.check(self.model)
        # No two things are done at one time.
        self.model.now += TICK
        self.case.now = self.model.now

    def teardown(self):
        """Whatever was done: it all ends, and nothing is left."""
        self.site.dummy.failing.clear()
        for uuid in self.model.leases:
            self.delete_by_name(uuid)
        for _ in range(6):
            self._go_on()
        for uuid, lease in self.model.leases.items():
            self.case.assertEqual(('TERMINATED', True), (lease.status, lease.deleted))
            self.case.assertEqual(1, lease.done['end'])
            self.case.assertLessEqual(lease.done['start'], 1)
            self.site.check_audit(uuid, lease)
        self.site.check_nothing_left()

    def delete_by_name(self, uuid):
        self.site.manager.delete(self.site.ctx(), uuid)
        self.model.delete(self.model.leases[uuid])

    def _go_on(self):
        for pick in range(len(self.site.hosts)):
            self.unlock(pick)
        for kind in (lease_model.HOST, lease_model.DUMMY):
            self.run(kind)
        while self.model.pick_instance(0, 'DELETING')[0]:
            self.remove_instance(0)
        self._move_clock(10 * MINUTE)
        self.agree()

    # What is expected, and what is the service's to choose

    def _expect(self, lease, step, work):
        if lease.type == lease_model.DUMMY:
            verb = 'on_end' if step == 'end' else 'on_start'
            return 'failed' if verb in self.site.dummy.failing else 'done'
        if step == 'end':
            done = self.model.end_hosts(lease)
        else:
            done = self.model.start_hosts(lease, work.lease)
        return 'done' if done else 'waiting'

    def _adopt_hosts(self, lease, uuid, step):
        """Which hosts a start gave is the plugin's choice, among those it may."""
        if lease.type != lease_model.HOST or step == 'end':
            return
        lease.hosts = self.site.list_hosts(uuid)
        for host in self.site.list_given(uuid):
            self.case.assertIn(self.model.given[host], (None, lease))
            self.model.given[host] = lease

    def _adopt_due(self, lease, uuid):
        due = self.site.get_due(uuid)
        self.case.assertLess(self.model.now, due['until'])
        self.case.assertLess(due['until'], self.model.now + 7 * MINUTE)
        lease.due, lease.waits_on = due['until'], due['waits_on']

    def _try(self, verdict, verb, *args):
        """What a verb returns; it is refused when the model says so."""
        try:
            answer = verb(*args)
        except Exception as exc:
            self.case.assertEqual(verdict, type(exc).__name__, str(exc))
            return None
        self.case.assertIsNone(verdict)
        return answer

    def _pick(self, number):
        uuids = list(self.model.leases)
        uuid = uuids[number % len(uuids)]
        return uuid, self.model.leases[uuid]


class LeaseModelTest(db_case.DatabaseCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.now = datetime.datetime(2026, 3, 29, 0, 30)
        patch = unittest.mock.patch.object(clock, 'utcnow', lambda: self.now)
        patch.start()
        self.addCleanup(patch.stop)

    def empty(self):
        """Forget all that an example before this one has left."""
        self.in_transaction(model_site.empty)

    def test_random_sequences(self):
        stateful.run_state_machine_as_test(
            lambda: LeaseMachine(self), settings=_SETTINGS
        )
