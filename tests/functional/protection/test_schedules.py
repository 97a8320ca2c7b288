"""Triggers and scheduled operations, over the API."""

import fixtures as base

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.protection import rpcapi
from mogan_like.trusts import expected
from tests import fixtures
from tests import personas
from tests.functional.protection import protection_case
from tests.functional.protection import schedules_case
from tests.functional.protection import test_before_end

_NOT_THERE = protection_case.NOT_THERE
_OPERATIONS = schedules_case.OPERATIONS


class _Lost:
    """Nobody answers."""

    def call(self, *_args, **_values):
        raise exception.ConductorUnavailable(timeout='1')


class SchedulesTest(schedules_case.SchedulesCase):
    options = {'conductor__scan_interval': 0.2, 'triggers__min_interval': 1}

    def test_life_of_a_trigger(self):
        trigger = self.make_trigger(end_time='2999-01-01T00:00:00+01:00')
        self.assertEqual('2998-12-31 23:00:00', trigger['properties']['end_time'])
        path = f'/v1/triggers/{trigger["id"]}'
        self.assertEqual(trigger, self.list(path, 'trigger_info'))
        body = {'trigger_info': {'name': 'x', 'properties': {'end_time': None}}}
        changed = self.ask(self.member.put(path, body), 'trigger_info')
        expected = {**trigger['properties'], 'end_time': None}
        self.assertEqual(('x', expected), (changed['name'], changed['properties']))
        # As its client sends it back.
        body = {'trigger_info': {'properties': changed['properties']}}
        self.ask(self.member.put(path, body), 'trigger_info')
        for client in (self.other, self.admin):
            for answer in (
                client.get(path),
                client.put(path, body),
                client.delete(path),
            ):
                self.assert_refused(answer, 404, 'TriggerNotFound')
        answer = self.member.delete(path)
        self.assertEqual((200, b''), (answer.status, answer.raw))
        self.assert_refused(self.member.delete(path), 404, 'TriggerNotFound')

    def test_life_of_an_operation(self):
        trigger = self.make_trigger()
        made = self.make_operation(trigger, description='every night')
        path = f'{_OPERATIONS}/{made["id"]}'
        self.assertEqual(made, self.list(path, 'scheduled_operation'))
        self.assertEqual('02:00:00.000000', made['next_run_at'][11:])
        answer = self.member.delete(f'/v1/triggers/{trigger["id"]}')
        self.assert_refused(answer, 424, 'TriggerInUse')
        self.assertEqual('computeFault', next(iter(answer.body)))
        body = {'trigger_info': {'properties': {'pattern': '30 3 * * *'}}}
        self.member.put(f'/v1/triggers/{trigger["id"]}', body)
        shown = self.list(path, 'scheduled_operation')
        self.assertEqual('03:30:00.000000', shown['next_run_at'][11:])
        body = {'scheduled_operation': {'enabled': False}}
        changed = self.ask(self.member.put(path, body), 'scheduled_operation')
        self.assertEqual((False, None), (changed['enabled'], changed['next_run_at']))
        for client in (self.other, self.admin):
            for answer in (
                client.get(path),
                client.put(path, body),
                client.delete(path),
            ):
                self.assert_refused(answer, 404, 'ScheduledOperationNotFound')
        answer = self.member.delete(path)
        self.assertEqual((200, b''), (answer.status, answer.raw))
        self.assert_refused(self.member.get(path), 404, 'ScheduledOperationNotFound')
        self.assertEqual(
            200, self.member.delete(f'/v1/triggers/{trigger["id"]}').status
        )

    def test_lists(self):
        made = [self.make_operation()['id'] for _ in range(3)]
        self.make_operation(client=self.other)
        for path, key in ((_OPERATIONS, 'operations'), ('/v1/triggers', 'triggers')):
            found, next_path = [], f'{path}?sort=created_at:asc&limit=2'
            while next_path:
                page = self.member.get(next_path).body
                found += [each['id'] for each in page[key]]
                next_path = page.get('next', '').removeprefix('http://localhost')
            self.assertEqual(3, len(found))
            every = self.list(f'{path}?all_tenants=1', key, self.admin)
            self.assertEqual(4, len(every))
            query = f'{path}?project_id={personas.OTHER_PROJECT}&all_tenants=1'
            self.assertEqual(1, len(self.list(query, key, self.admin)))
            answer = self.member.get(f'{path}?all_tenants=1')
            self.assert_refused(answer, 403, 'PolicyNotAuthorized')
            if key == 'operations':
                self.assertEqual(made, found)

    def test_a_repeat_with_its_key_is_one(self):
        headers = {'Idempotency-Key': 'once'}
        trigger, plan = self.make_trigger(), self.make_plan()
        body = self.describe_operation(trigger['id'], plan['id'])
        made = [
            self.ask(
                self.member.post(_OPERATIONS, body, headers=headers),
                'scheduled_operation',
            )
            for _ in range(2)
        ]
        self.assertEqual(made[0], made[1])
        self.assertEqual([made[0]], self.list(_OPERATIONS, 'operations'))
        body['scheduled_operation']['name'] = 'another'
        answer = self.member.post(_OPERATIONS, body, headers=headers)
        self.assert_refused(answer, 409, 'IdempotencyKeyReused')

    def test_three_runs_of_which_two_are_kept(self):
        operation = self.make_operation(
            operation_type='retention_protect', definition={'max_backups': '2'}
        )
        self.assertEqual(2, operation['operation_definition']['max_backups'])
        first = None
        for statuses in (['available'], ['available'] * 2, ['available'] * 2):
            self.make_due(operation)
            fixtures.wait_until(lambda: self.has_run(operation), 'the run')
            found = self.wait_for_checkpoints(*statuses)
            first = first or found[0]
        self.assertNotIn(first, found)
        info = found[-1]['extra_info']
        self.assertEqual(operation['id'], info['scheduled_operation_id'])
        self.assertEqual(personas.MEMBER.user_id, found[-1]['user_id'])
        logs = self.list('/v1/operation_logs', 'operation_logs')
        by_it = [
            log['operation_type']
            for log in logs
            if log['scheduled_operation_id'] == operation['id']
        ]
        self.assertEqual(['delete', *['protect'] * 3], sorted(by_it))
        self.assertEqual(
            2, len(self.site.manila.client(personas.PROJECT).share_snapshots.list())
        )

    def has_run(self, operation):
        shown = self.list(f'{_OPERATIONS}/{operation["id"]}', 'scheduled_operation')
        return shown['next_run_at'] > clock.isoformat(clock.utcnow())

    def test_by_the_clock(self):
        """Nobody makes anything due here."""
        trigger = self.make_trigger(
            format='calendar',
            pattern='BEGIN:VEVENT\nRRULE:FREQ=SECONDLY;INTERVAL=1\nEND:VEVENT',
            start_time='2026-01-01',
        )
        operation = self.make_operation(trigger)
        path = f'{self.checkpoints}?sort=created_at:asc'
        fixtures.wait_until(lambda: len(self.list(path, 'checkpoints')) >= 2, 'two')
        self.member.delete(f'{_OPERATIONS}/{operation["id"]}')
        found = [each['extra_info'] for each in self.list(path, 'checkpoints')]
        times = [info['run_at'] for info in found]
        self.assertEqual(sorted(set(times)), times)


class TrustsTest(schedules_case.SchedulesCase, test_before_end.BeforeEndCase):
    """With Keystone: a run has the authority of who made the operation."""

    def test_a_trust_goes_with_its_operation(self):
        body = self.describe_operation(self.make_trigger()['id'], self.plan['id'])
        made = self.ask(self.member.post(_OPERATIONS, body), 'scheduled_operation')
        self.assertNotIn('trust_id', made)
        (trust,) = self.list_trusts()
        del self.tokens[:]
        self.make_due(made)
        self.wait_for_checkpoints('available')
        used = {self.keystone.trusts.find_persona(token) for _, _, token in self.tokens}
        self.assertEqual({(personas.MEMBER, True)}, used)
        self.assertEqual([trust], self.list_trusts())
        self.member.delete(f'{_OPERATIONS}/{made["id"]}')
        self.wait_for_no_trusts()

    def test_a_trust_whose_request_is_lost_is_given_back(self):
        body = self.describe_operation(self.make_trigger()['id'], self.plan['id'])
        with base.MonkeyPatch(f'{rpcapi.__name__}.SCHEDULED_OPERATIONS', _Lost()):
            answer = self.member.post(_OPERATIONS, body)
        self.assert_refused(answer, 503, 'ConductorUnavailable')
        self.assertEqual(1, len(self.list_trusts()))
        work, now = claims.DUE_WORK, clock.utcnow()
        with engine.writer() as conn:
            query = work.update().where(work.c.kind == expected.EXPECTED)
            conn.execute(query.values(due_at=now, until=now))
        self.wait_for_no_trusts()

    def test_a_trust_that_is_not_needed_is_given_back(self):
        body = self.describe_operation(_NOT_THERE, self.plan['id'])
        answer = self.member.post(_OPERATIONS, body)
        self.assert_refused(answer, 404, 'TriggerNotFound')
        self.wait_for_no_trusts()
