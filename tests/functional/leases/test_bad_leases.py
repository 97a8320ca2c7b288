"""Bad requests about leases: the right 4xx, a clear message, nothing changed."""

import logging

import fixtures

from tests.functional.leases import leases_case

_UUID = '6f2c1a52-5c8d-4f43-9a8e-2b1c3d4e5f60'
_DUMMY = {'resource_type': leases_case.DUMMY}


def _without(name):
    body = leases_case.describe()
    del body[name]
    return body


#: Values of reservations, and the word that the message names.
_RESERVATIONS = {
    'no list': (_DUMMY, 'reservations'),
    'null': ([None], 'reservations'),
    'no type': ([{'amount': 1}], 'resource_type'),
    'type of a type': ([{'resource_type': 1}], 'resource_type'),
    'unknown type': ([{'resource_type': 'foo'}], 'dummy.vm'),
    'no schema': ([{**_DUMMY, 'a': [1]}], leases_case.DUMMY),
    'long value': ([{**_DUMMY, 'a': 'x' * 5000}], 'a'),
    'long list': ([{**_DUMMY, 'a': [1] * 300}], 'a'),
    'long key': ([{**_DUMMY, 'x' * 300: 1}], 'key'),
    'many keys': ([{**_DUMMY, **{str(n): 1 for n in range(99)}}], 'reservations'),
    'many': ([_DUMMY] * 65, 'reservations'),
    'very many': ([{}] * 10000, 'reservations'),
    'very many and large': ([_DUMMY] * 10000, None),
}


def _make_dates():
    """{label: (values, the word that the message names)}, as of now."""
    past, soon, later = (leases_case.in_minutes(n) for n in (-60, 30, 600))
    events = [{'event_type': 'notify', 'event_date': later}]
    party = [{'event_type': 'party', 'event_date': soon}]
    return {
        'start is no date': ({'start_date': 'tomorrow'}, 'start_date'),
        'end is no date': ({'end_date': '2026-02-30 00:00'}, 'end_date'),
        'end is a number': ({'end_date': 7}, 'end_date'),
        'end is null': ({'end_date': None}, 'end_date'),
        'end is far': ({'end_date': '9999-12-31 23:59'}, 'end_date'),
        'end before start': ({'end_date': soon}, 'end_date'),
        'end is start': ({'start_date': soon, 'end_date': soon}, 'end_date'),
        'all is now': ({'start_date': 'now', 'end_date': 'now'}, 'end_date'),
        'start is past': ({'start_date': past}, 'start_date'),
        'before the lease': ({'before_end_date': soon}, 'before_end_date'),
        'after the lease': ({'before_end_date': later}, 'before_end_date'),
        'unknown event': ({'events': party}, 'party'),
        'event without a date': ({'events': [{'event_type': 'notify'}]}, 'event_date'),
        'two dates before the end': (
            {'before_end_date': leases_case.in_minutes(70), 'events': events},
            'events',
        ),
    }


def _make_creates():
    """{label: (body, the word that the message names)}."""
    names = {
        'empty name': ({'name': ''}, 'name'),
        'blank name': ({'name': ' '}, 'name'),
        'long name': ({'name': 'x' * 300}, 'name'),
        'name of another type': ({'name': 7}, 'name'),
        'unknown field': ({'frobnicate': 1}, 'frobnicate'),
    }
    reservations = {
        label: ({'reservations': values}, named)
        for label, (values, named) in _RESERVATIONS.items()
    }
    wrong = {
        label: (leases_case.describe(**values), named)
        for label, (values, named) in {**names, **_make_dates(), **reservations}.items()
    }
    required = ('name', 'start_date', 'end_date', 'reservations')
    return wrong | {f'no {name}': (_without(name), name) for name in required}


#: Values of a reservation of hosts, and the word that the message names.
_HOSTS = {
    'min over max': ({'min': 2, 'max': 1}, 'min'),
    'no min': ({'max': 1}, 'min'),
    'min of another type': ({'min': [1]}, 'min'),
    'no number': ({'min': 'many'}, 'min'),
    'nothing': ({'min': 0}, 'min'),
    'unknown value': ({'gpus': 1}, 'gpus'),
    'filter of another type': ({'resource_properties': 7}, 'resource_properties'),
    'no JSON': ({'resource_properties': '["=", '}, 'resource_properties'),
    'no filter': ({'resource_properties': '{}'}, 'resource_properties'),
    'no operator': ({'resource_properties': '["~", "$a", "1"]'}, '~'),
    'no property': ({'hypervisor_properties': '["=", "a", "1"]'}, 'a'),
    'short': ({'hypervisor_properties': '["=", "$a"]'}, 'hypervisor_properties'),
    'deep': (
        {'resource_properties': '["and", ' * 99 + '["=", "$a", "1"]' + ']' * 99},
        'resource_properties',
    ),
    'unknown work': ({'before_end': 'party'}, 'party'),
}


#: Method, path, body, status, error name.
_PATHS = [
    ('GET', '/v1/leases/not-a-uuid', None, 400, 'InvalidUUID'),
    ('PUT', '/v1/leases/not-a-uuid', {}, 400, 'InvalidUUID'),
    ('DELETE', '/v1/leases/not-a-uuid', None, 400, 'InvalidUUID'),
    ('GET', f'/v1/leases/{_UUID}', None, 404, 'LeaseNotFound'),
    ('PUT', f'/v1/leases/{_UUID}', {}, 404, 'LeaseNotFound'),
    ('DELETE', f'/v1/leases/{_UUID}', None, 404, 'LeaseNotFound'),
    ('GET', f'/v1/leases/{_UUID}/actions', None, 404, 'LeaseNotFound'),
    ('POST', f'/v1/leases/{_UUID}/action', {'retry': None}, 404, 'LeaseNotFound'),
    ('POST', f'/v1/leases/{_UUID}', {}, 405, 'MethodNotAllowed'),
    ('PATCH', f'/v1/leases/{_UUID}', {}, 405, 'MethodNotAllowed'),
    ('DELETE', '/v1/leases', None, 405, 'MethodNotAllowed'),
]

_QUERIES = {
    'status=LOST': 'status',
    'status=active': 'status',
    'name=': 'name',
    'active_at=now': 'active_at',
    'ends_before=2026-02-30': 'ends_before',
    'all_projects=maybe': 'all_projects',
    'sort_key=status': 'sort_key',
    'sort_key=uuid': 'sort_key',
    'marker=1': '1',
    f'marker={_UUID}': _UUID,
    'limit=0': 'limit',
    'frobnicate=1': 'frobnicate',
}


class BadLeasesTest(leases_case.LeasesCase):
    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))

    def assert_nothing_happened(self):
        """No lease, no use of a quota, and nothing in the log."""
        self.assertEqual([], self.list_names(client=self.admin))
        limits = self.member.get('/v1/limits').body['limits']
        self.assertEqual(0, limits['leases']['used'])
        self.assertEqual('', self.log.output)

    def test_bodies_of_create(self):
        for label, (body, named) in _make_creates().items():
            answer = self.member.post('/v1/leases', body)
            expected = 400 if named else 413
            self.assertEqual(expected, answer.status, (label, answer.body))
            self.assertIn(named or '', answer.body['error_message'], label)
        self.assert_nothing_happened()

    def test_reservations_of_hosts(self):
        self.service.wait_for_nodes(4)
        self.admin.post('/v1/os-hosts', {'name': 'fake-0'})
        for label, (values, named) in _HOSTS.items():
            whole = {'resource_type': 'physical:host', 'min': 1, 'max': 1, **values}
            if label == 'no min':
                del whole['min']
            body = leases_case.describe(reservations=[whole])
            answer = self.member.post('/v1/leases', body)
            self.assertEqual(400, answer.status, (label, answer.body))
            self.assertIn(named, answer.body['error_message'], label)
        self.assert_nothing_happened()

    def test_paths(self):
        for method, path, body, status, name in _PATHS:
            answer = self.admin.send(method, path, body)
            self.assert_refused(answer, status, name)
        self.assert_nothing_happened()

    def test_queries(self):
        for query, named in _QUERIES.items():
            answer = self.member.get(f'/v1/leases?{query}')
            self.assertEqual(400, answer.status, query)
            self.assertIn(named, answer.body['error_message'], query)
        self.assert_nothing_happened()
