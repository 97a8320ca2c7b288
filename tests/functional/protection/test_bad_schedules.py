"""Bad requests about schedules: the right 4xx, a clear message, no change."""

import logging

import fixtures

from tests.functional.protection import protection_case
from tests.functional.protection import schedules_case

_NOT_THERE = protection_case.NOT_THERE
_CRONTAB = schedules_case.CRONTAB
_OPERATIONS = schedules_case.OPERATIONS
_EVENT = 'BEGIN:VEVENT\n{}\nEND:VEVENT'
#: Properties of triggers, and the word that the message names.
_TRIGGERS = {
    'empty pattern': ({'pattern': ''}, 'pattern'),
    'long pattern': ({'pattern': '*' * 4097}, 'pattern'),
    'pattern of another type': ({'pattern': 5}, 'pattern'),
    'pattern is null': ({'pattern': None}, 'pattern'),
    'a minute too many': ({'pattern': '60 * * * *'}, 'minute'),
    'a field too few': ({'pattern': '* * * *'}, 'five fields'),
    'too often': ({'pattern': '* * * * *'}, 'apart'),
    'too often in the rule': (
        {'format': 'calendar', 'pattern': _EVENT.format('RRULE:FREQ=SECONDLY')},
        'apart',
    ),
    'never': (
        {
            'format': 'calendar',
            'pattern': _EVENT.format('RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'),
        },
        'no run',
    ),
    'no rule': ({'format': 'calendar', 'pattern': _EVENT.format('')}, 'RRULE'),
    'another format': ({'format': 'sundial'}, 'format'),
    'no format': ({'format': None}, 'format'),
    'unknown property': ({'color': 'red'}, 'color'),
    'window is a list': ({'window': []}, 'window'),
    'window is negative': ({'window': -1}, 'window'),
    'window is no number': ({'window': 'wide'}, 'window'),
    'window is beyond 32 bits': ({'window': 2**40}, 'window'),
    'start is no time': ({'start_time': 'soon'}, 'start_time'),
    'start is a number': ({'start_time': 5}, 'start_time'),
    'end is over': ({'end_time': '2020-01-01'}, 'end_time'),
    'no such zone': ({'timezone': 'Mars/Olympus'}, 'timezone'),
    'no such TZID': (
        {
            'format': 'calendar',
            'pattern': _EVENT.format(
                'DTSTART;TZID=Mars:20260101T000000\nRRULE:FREQ=DAILY'
            ),
        },
        'TZID',
    ),
}
#: Values of operations, and the word that the message names.
_BAD_OPERATIONS = {
    'empty name': ({'name': ''}, 'name'),
    'long description': ({'description': 'x' * 300}, 'description'),
    'another type': ({'operation_type': 'explode'}, 'operation_type'),
    'trigger is no UUID': ({'trigger_id': 'x'}, 'trigger_id'),
    'enabled is text': ({'enabled': 'yes'}, 'enabled'),
    'unknown field': ({'color': 'red'}, 'color'),
    'definition is text': ({'operation_definition': '{}'}, 'operation_definition'),
    'plan is no UUID': ({'definition': {'plan_id': 'x'}}, 'plan_id'),
    'unknown field of the definition': ({'definition': {'color': 'red'}}, 'color'),
    'a limit without retention': ({'definition': {'max_backups': 3}}, 'max_backups'),
    **{
        f'{name} is {value!r}': (
            {'operation_type': 'retention_protect', 'definition': {name: value}},
            name,
        )
        for name in ('max_backups', 'max_backup_duration', 'retention_duration')
        for value in (0, -2, '0', 'x', 1.5, [], 2**62, True)
    },
    'one limit twice': (
        {
            'operation_type': 'retention_protect',
            'definition': {'max_backup_duration': 1, 'retention_duration': 1},
        },
        'retention_duration',
    ),
}
#: Paths that are refused with 400, and the word that the message names.
_PATHS = {
    '/v1/triggers/x': 'x',
    '/v1/triggers?sort=name': 'sort',
    '/v1/triggers?type=event': 'type',
    '/v1/triggers?properties=x': 'properties',
    f'/v1/triggers?marker={_NOT_THERE}': _NOT_THERE,
    f'{_OPERATIONS}/x': 'x',
    f'{_OPERATIONS}?trigger_id=x': 'x',
    f'{_OPERATIONS}?operation_type=x': 'operation_type',
    f'{_OPERATIONS}?marker={_NOT_THERE}': _NOT_THERE,
}


class BadSchedulesTest(schedules_case.SchedulesCase):
    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))

    def assert_refused_with(self, named, answer, label):
        self.assertEqual(400, answer.status, (label, answer))
        nova = next(iter(answer.body.values()))
        self.assertIn(named, nova['message'], label)

    def test_triggers(self):
        path = '/v1/triggers'
        for label, (values, named) in _TRIGGERS.items():
            answer = self.member.post(path, self.describe_trigger(**values))
            self.assert_refused_with(named, answer, label)
        for body, named in (
            ({}, 'trigger_info'),
            ({'trigger_info': {}}, 'name'),
            ({'trigger_info': {'name': 'n', 'type': 'time'}}, 'properties'),
            (
                {'trigger_info': {'name': 'n', 'type': 'x', 'properties': _CRONTAB}},
                'type',
            ),
        ):
            self.assert_refused_with(named, self.member.post(path, body), body)
        self.assertEqual([], self.list(path, 'triggers'))
        self.assertEqual('', self.log.output)

    def test_changes_of_triggers(self):
        trigger = self.make_trigger()
        path = f'/v1/triggers/{trigger["id"]}'
        for values, named in (
            ({}, 'trigger_info'),
            ({'name': None}, 'name'),
            ({'type': 'time'}, 'type'),
            ({'properties': []}, 'properties'),
            ({'properties': {'format': 'calendar'}}, 'calendar'),
            *(({'properties': values}, named) for values, named in _TRIGGERS.values()),
        ):
            answer = self.member.put(path, {'trigger_info': values})
            self.assert_refused_with(named, answer, values)
        self.assertEqual(trigger, self.list(path, 'trigger_info'))
        self.assertEqual('', self.log.output)

    def test_operations(self):
        made = self.make_operation()
        trigger, plan = made['trigger_id'], made['operation_definition']['plan_id']
        for label, (values, named) in _BAD_OPERATIONS.items():
            body = self.describe_operation(trigger, plan, **values)
            answer = self.member.post(_OPERATIONS, body)
            self.assert_refused_with(named, answer, label)
        for definition, title in (
            ({'plan_id': _NOT_THERE}, 'PlanNotFound'),
            ({'provider_id': _NOT_THERE}, 'ProviderNotFound'),
        ):
            body = self.describe_operation(trigger, plan, definition=definition)
            self.assert_refused(self.member.post(_OPERATIONS, body), 404, title)
        body = self.describe_operation(_NOT_THERE, plan)
        answer = self.member.post(_OPERATIONS, body)
        self.assert_refused(answer, 404, 'TriggerNotFound')
        # What another project has is not there, either.
        body = self.describe_operation(trigger, plan)
        answer = self.other.post(_OPERATIONS, body)
        self.assert_refused(answer, 404, 'TriggerNotFound')
        path = f'{_OPERATIONS}/{made["id"]}'
        for values in ({}, {'name': None}, {'trigger_id': trigger}, {'enabled': 1}):
            answer = self.member.put(path, {'scheduled_operation': values})
            self.assertEqual(400, answer.status, values)
        self.assertEqual([made], self.list(_OPERATIONS, 'operations'))
        self.assertEqual('', self.log.output)

    def test_paths(self):
        for path, named in _PATHS.items():
            self.assert_refused_with(named, self.member.get(path), path)
        answer = self.member.get(f'/v1/triggers/{_NOT_THERE}')
        self.assert_refused(answer, 404, 'TriggerNotFound')
        answer = self.member.get(f'{_OPERATIONS}/{_NOT_THERE}')
        self.assert_refused(answer, 404, 'ScheduledOperationNotFound')
        self.assertEqual('', self.log.output)
