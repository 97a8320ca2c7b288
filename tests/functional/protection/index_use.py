"""Rows of protection, and its lists, for the test of what indexes lists use."""

import datetime
import itertools

from mogan_like.protection import models
from mogan_like.protection.queries import checkpoints
from mogan_like.protection.queries import logs
from mogan_like.protection.queries import plans
from mogan_like.protection.queries import runs
from mogan_like.protection.queries import scheduled_operations
from mogan_like.protection.queries import triggers

_BEGIN = datetime.datetime(2026, 1, 1)
_PROJECT = 'own'
#: How many there are of the oldest, which are the project's.
_OWN = 100
_MIDDLE = _BEGIN + datetime.timedelta(seconds=_OWN / 2)


def _make_plan(number):
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'uuid': f'p-{number}',
        'name': f'name-{number % 7}',
        'provider_id': 'provider',
        'project_id': _PROJECT if number < _OWN else 'other',
        'user_id': 'user',
        'status': 'suspended',
        'resources': '[]',
        'parameters': '{}',
        'created_at': when,
        'updated_at': when,
    }


def _make_checkpoint(number):
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'uuid': f'c-{number}',
        'project_id': _PROJECT if number < _OWN else 'other',
        'user_id': 'user',
        'provider_id': f'provider-{number % 2}',
        'plan_uuid': f'p-{number % 5}',
        'status': 'available',
        'plan': '{}',
        'resource_graph': '',
        'extra_info': '{}',
        'banked': 1,
        'restoring': 0,
        'created_at': when,
        'updated_at': when,
        'deleted': int(number % 7 == 0),
    }


def _make_run(number):
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'uuid': f'r-{number}',
        'kind': ('restore', 'verify')[number % 2],
        'project_id': _PROJECT if number < _OWN else 'other',
        'user_id': 'user',
        'provider_id': 'provider',
        'checkpoint_uuid': f'c-{number % 9}',
        'parameters': '{}',
        'status': 'success',
        'created_at': when,
        'updated_at': when,
    }


def _make_log(number):
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'uuid': f'g-{number}',
        'project_id': _PROJECT if number < _OWN else 'other',
        'operation_type': 'protect',
        'checkpoint_uuid': f'c-{number}',
        'status': 'success',
        'started_at': when,
    }


def _make_trigger(number):
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'uuid': f't-{number}',
        'name': 'name',
        'type': 'time',
        'project_id': _PROJECT if number < _OWN else 'other',
        'properties': '{}',
        'created_at': when,
        'updated_at': when,
    }


def _make_operation(number):
    when = _BEGIN + datetime.timedelta(seconds=number)
    return {
        'uuid': f'o-{number}',
        'name': 'name',
        'operation_type': 'protect',
        'project_id': _PROJECT if number < _OWN else 'other',
        'user_id': 'user',
        'trigger_uuid': f't-{number}' if number >= _OWN else f't-{number % 5}',
        'operation_definition': '{}',
        'plan_uuid': f'p-{number}',
        'enabled': True,
        'created_at': when,
        'updated_at': when,
    }


TABLES = {
    models.PLANS: _make_plan,
    models.CHECKPOINTS: _make_checkpoint,
    models.RUNS: _make_run,
    models.OPERATION_LOGS: _make_log,
    models.TRIGGERS: _make_trigger,
    models.SCHEDULED_OPERATIONS: _make_operation,
}


def _list_checkpoints():
    """The filters of each index."""
    provider = {'provider_id': 'provider-1'}
    for scope in ({}, {'project_id': _PROJECT}):
        yield {**provider, **scope}
        yield {**provider, **scope, 'since': _MIDDLE}
        yield {**provider, **scope, 'before': _MIDDLE}
    yield {**provider, 'plan_uuid': 'p-3'}


class IndexUseMixin:
    """Each list of protection; ``check`` is the test's."""

    def test_plans(self):
        for scope, chosen in itertools.product(
            ({}, {'project_id': _PROJECT}), ({}, {'name': 'name-3'})
        ):
            filters = {**scope, **chosen}
            for key in ('name',) if chosen else plans.SORT_KEYS:
                self.check(
                    lambda conn, page, filters=filters: plans.list_page(
                        conn, filters, page
                    ),
                    filters,
                    key,
                    'uuid',
                )

    def test_checkpoints(self):
        for filters in _list_checkpoints():
            self.check(
                lambda conn, page, filters=filters: checkpoints.list_page(
                    conn, filters, page
                ),
                filters,
                'created_at',
                'uuid',
            )

    def test_runs(self):
        for filters in ({}, {'project_id': _PROJECT}):
            self.check(
                lambda conn, page, filters=filters: runs.list_page(
                    conn, 'verify', filters, page
                ),
                filters,
                'created_at',
                'uuid',
            )

    def test_operation_logs(self):
        for filters in ({}, {'project_id': _PROJECT}):
            self.check(
                lambda conn, page, filters=filters: logs.list_page(conn, filters, page),
                filters,
                'started_at',
                'uuid',
            )

    def test_triggers(self):
        for filters in ({}, {'project_id': _PROJECT}):
            self.check(
                lambda conn, page, filters=filters: triggers.list_page(
                    conn, filters, page
                ),
                filters,
                'created_at',
                'uuid',
            )

    def test_scheduled_operations(self):
        by_trigger = {'trigger_uuid': 't-3'}
        own = {'project_id': _PROJECT}
        for filters in ({}, own, by_trigger, {**by_trigger, **own}):
            self.check(
                lambda conn, page, filters=filters: scheduled_operations.list_page(
                    conn, filters, page
                ),
                filters,
                'created_at',
                'uuid',
            )
