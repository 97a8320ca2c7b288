"""Leases are made, shown, listed, changed, ended and deleted."""

import datetime
import uuid as uuid_module

from mogan_like.common import clock
from tests import personas
from tests.functional.leases import leases_case

_TIME = '%Y-%m-%dT%H:%M:%S.%f'


class CreateTest(leases_case.LeasesCase):
    def test_what_blazars_client_sends_and_needs(self):
        body = leases_case.describe(
            reservations=[{'resource_type': leases_case.DUMMY, 'amount': 2}]
        )
        answer = self.member.post('/v1/leases', body, version=None)
        self.assertEqual(201, answer.status, answer)
        lease = answer.body['lease']
        self.assertTrue(answer.headers['Location'].endswith(f'/leases/{lease["id"]}'))
        self.assertEqual(
            (personas.PROJECT, 'user-member', 'a lease', 'PENDING', False, None),
            (
                lease['project_id'],
                lease['user_id'],
                lease['name'],
                lease['status'],
                lease['degraded'],
                lease['trust_id'],
            ),
        )
        for name in ('start_date', 'end_date'):
            # As the client reads it.
            found = datetime.datetime.strptime(lease[name], _TIME)
            self.assertEqual(body[name], found.strftime('%Y-%m-%d %H:%M'))
        (reservation,) = lease['reservations']
        self.assertEqual(
            (lease['id'], leases_case.DUMMY, 'pending', 2, False, False),
            (
                reservation['lease_id'],
                reservation['resource_type'],
                reservation['status'],
                reservation['amount'],
                reservation['missing_resources'],
                reservation['resources_changed'],
            ),
        )
        events = {event['event_type']: event for event in lease['events']}
        self.assertEqual({'start_lease', 'end_lease'}, set(events))
        self.assertEqual(lease['end_date'], events['end_lease']['time'])
        self.assertEqual('UNDONE', events['end_lease']['status'])

    def test_a_lease_may_hold_nothing(self):
        self.assertEqual([], self.make(reservations=[])['reservations'])

    def test_two_leases_may_have_one_name(self):
        self.assertNotEqual(self.make()['id'], self.make()['id'])

    def test_an_event_is_the_date_before_the_end(self):
        when = leases_case.in_minutes(90)
        for kind in ('before_end_lease', 'notify', 'notification'):
            lease = self.make(events=[{'event_type': kind, 'event_date': when}])
            found = datetime.datetime.strptime(lease['before_end_date'], _TIME)
            self.assertEqual(when, found.strftime('%Y-%m-%d %H:%M'))
            types = {event['event_type'] for event in lease['events']}
            self.assertIn('before_end_lease', types)

    def test_an_offset_is_part_of_a_date(self):
        start = (clock.utcnow() + datetime.timedelta(hours=2)).replace(microsecond=0)
        local = start + datetime.timedelta(hours=5, minutes=45)
        lease = self.make(
            start_date=f'{local.isoformat()}+05:45',
            end_date=f'{(start + datetime.timedelta(hours=1)).isoformat()}Z',
        )
        self.assertEqual(clock.isoformat(start), lease['start_date'])

    def test_a_request_with_a_key_is_done_once(self):
        headers = {'Idempotency-Key': uuid_module.uuid4().hex}
        body = leases_case.describe()
        first, second = (
            self.member.post('/v1/leases', body, headers=headers) for _ in range(2)
        )
        self.assertEqual((201, 201), (first.status, second.status))
        self.assertEqual(first.body, second.body)
        self.assertEqual(1, len(self.list_names()))
        other = self.member.post(
            '/v1/leases', {**body, 'name': 'other'}, headers=headers
        )
        self.assert_refused(other, 409, 'IdempotencyKeyReused')


class ListTest(leases_case.LeasesCase):
    def test_each_has_its_reservations_and_events(self):
        made = [
            self.make(
                name=str(number),
                reservations=[{'resource_type': leases_case.DUMMY, 'number': number}]
                * number,
            )
            for number in range(3)
        ]
        found = self.member.get('/v1/leases?sort_dir=asc').body['leases']
        self.assertEqual(made, found)

    def test_filters(self):
        self.make(name='early')
        start, end = leases_case.in_minutes(240), leases_case.in_minutes(300)
        self.make(name='late', start_date=start, end_date=end)
        at = leases_case.in_minutes(270).replace(' ', 'T')
        for query, expected in (
            ('?name=early', ['early']),
            ('?name=none', []),
            ('?status=PENDING', ['late', 'early']),
            ('?status=ACTIVE', []),
            (f'?active_at={at}', ['late']),
            (f'?ends_before={at}', ['early']),
            (f'?active_at={at}&status=PENDING&name=late', ['late']),
        ):
            self.assertEqual(expected, self.list_names(query), query)

    def test_pages_and_orders(self):
        for number, name in enumerate('cab'):
            self.make(
                name=name,
                start_date=leases_case.in_minutes(100 - number),
                end_date=leases_case.in_minutes(200 + number),
            )
        for query, expected in (
            ('', 'bac'),
            ('sort_dir=asc', 'cab'),
            ('sort_key=name&sort_dir=asc', 'abc'),
            ('sort_key=start_date&sort_dir=asc', 'bac'),
            ('sort_key=end_date&sort_dir=asc', 'cab'),
        ):
            names, path = [], f'/v1/leases?limit=2&{query}'
            while path:
                body = self.member.get(path).body
                names += [lease['name'] for lease in body['leases']]
                path = body.get('next', '').removeprefix('http://localhost')
            self.assertEqual(list(expected), names, query)

    def test_whose(self):
        other = self.service.client(personas.OTHER_MEMBER)
        self.make(name='mine')
        theirs = self.make(other, name='theirs')
        self.assertEqual(['mine'], self.list_names())
        self.assertEqual(['theirs'], self.list_names(client=other))
        for query, expected in (
            ('', ['theirs', 'mine']),
            ('?all_projects=true', ['theirs', 'mine']),
            ('?all_projects=false', []),
            (f'?project_id={personas.PROJECT}', ['mine']),
        ):
            self.assertEqual(expected, self.list_names(query, self.admin), query)
        query = f'?project_id={personas.PROJECT}'
        self.assertEqual(['mine'], self.list_names(query))
        for query in ('all_projects=true', f'project_id={personas.OTHER_PROJECT}'):
            answer = self.member.get(f'/v1/leases?{query}')
            self.assert_refused(answer, 403, 'PolicyNotAuthorized')
        answer = self.member.get(f'/v1/leases?marker={theirs["id"]}')
        self.assert_refused(answer, 400, 'MarkerNotFound')


class OtherProjectTest(leases_case.LeasesCase):
    def test_everything_is_not_found(self):
        path = f'/v1/leases/{self.make()["id"]}'
        other = self.service.client(personas.OTHER_MEMBER)
        for method, where, body in (
            ('GET', '', None),
            ('PUT', '', {'name': 'x'}),
            ('PUT', '', {}),
            ('PUT', '', {'end_date': 'now'}),
            ('DELETE', '', None),
            ('GET', '/actions', None),
            ('GET', '/actions/req-1', None),
            ('POST', '/action', {'retry': None}),
            ('POST', '/action', {'abandon': None}),
        ):
            answer = other.send(method, path + where, body)
            self.assert_refused(answer, 404, 'LeaseNotFound')
        self.assertEqual(
            ('a lease', 'PENDING'),
            tuple(self.member.get(path).body['lease'][n] for n in ('name', 'status')),
        )


class ShowTest(leases_case.LeasesCase):
    def test_a_lease_that_waits_for_its_start_only(self):
        lease = self.make()
        shown = self.member.get(f'/v1/leases/{lease["id"]}').body['lease']
        more = {name: shown.pop(name) for name in set(shown) - set(lease)}
        self.assertEqual(lease, shown)
        self.assertEqual(
            {'allocations': [], 'instances': [], 'waiting_for': None}, more
        )

    def test_deleted_ones_are_for_admins(self):
        uuid = self.make()['id']
        answer = self.member.get(f'/v1/leases/{uuid}?deleted=true')
        self.assert_refused(answer, 403, 'PolicyNotAuthorized')
        answer = self.member.get('/v1/leases?deleted=true')
        self.assert_refused(answer, 403, 'PolicyNotAuthorized')


class UpdateTest(leases_case.LeasesCase):
    def setUp(self):
        super().setUp()
        self.lease = self.make()
        self.path = f'/v1/leases/{self.lease["id"]}'

    def put(self, **body):
        answer = self.member.put(self.path, body)
        self.assertEqual(200, answer.status, answer)
        return answer.body['lease']

    def test_a_name(self):
        self.assertEqual('other', self.put(name='other')['name'])

    def test_nothing_at_all(self):
        self.assertEqual(self.lease, self.put())

    def test_dates(self):
        end = leases_case.in_minutes(600)
        lease = self.put(end_date=end)
        self.assertEqual(f'{end.replace(" ", "T")}:00.000000', lease['end_date'])
        times = {event['event_type']: event['time'] for event in lease['events']}
        self.assertEqual(lease['end_date'], times['end_lease'])

    def test_a_reservation(self):
        reservation = self.lease['reservations'][0]['id']
        lease = self.put(reservations=[{'id': reservation.upper(), 'size': 7}])
        self.assertEqual(7, lease['reservations'][0]['size'])

    def test_what_is_refused_changes_nothing(self):
        reservation = self.lease['reservations'][0]['id']
        other = self.make()['reservations'][0]['id']
        for body, named in (
            ({'end_date': self.lease['start_date']}, 'end_date'),
            ({'name': 'x', 'end_date': '2001-01-01 00:00'}, 'end_date'),
            ({'name': 'x', 'start_date': '2001-01-01 00:00'}, 'start_date'),
            ({'start_date': 'now', 'end_date': 'now'}, 'start_date'),
            ({'name': 'x', 'before_end_date': 'soon'}, 'before_end_date'),
            ({'name': 'x', 'reservations': [{'id': other}]}, other),
            ({'name': 'x', 'reservations': [{'size': 1}]}, 'id'),
            ({'name': 'x', 'reservations': [{'id': reservation}] * 2}, reservation),
            ({'name': 'x', 'status': 'ACTIVE'}, 'status'),
            ({'name': ''}, 'name'),
            ({'name': None}, 'name'),
        ):
            answer = self.member.put(self.path, body)
            self.assertEqual(400, answer.status, (body, answer.body))
            self.assertIn(named, answer.body['error_message'])
        shown = self.member.get(self.path).body['lease']
        self.assertEqual(self.lease, {name: shown[name] for name in self.lease})


class ActionsTest(leases_case.LeasesCase):
    def test_every_verb_is_there(self):
        path = f'/v1/leases/{self.make()["id"]}'
        self.member.put(path, {'name': 'other'})
        self.member.put(path, {'end_date': '2001-01-01 00:00'})
        self.admin.post(f'{path}/action', {'abandon': None})
        self.member.put(path, {'name': 'ended', 'end_date': 'now'})
        actions = self.member.get(f'{path}/actions?sort_dir=asc').body['actions']
        self.assertEqual(
            [
                ('create', 'success', 'user-member'),
                ('update', 'success', 'user-member'),
                ('update', 'refused', 'user-member'),
                ('abandon', 'refused', 'user-admin'),
                ('end', 'user-member'),
            ],
            [
                *((a['action'], a['result'], a['user_id']) for a in actions[:-1]),
                (actions[-1]['action'], actions[-1]['user_id']),
            ],
        )
        self.assertEqual({'lease'}, {action['object_type'] for action in actions})
        self.assertEqual('ended', self.member.get(path).body['lease']['name'])
        one = self.member.get(f'{path}/actions/{actions[0]["request_id"]}')
        self.assertEqual(('create', 200), (one.body['action'], one.status))
        missing = self.member.get(f'{path}/actions/req-none')
        self.assert_refused(missing, 404, 'ActionNotFound')
        page = self.member.get(f'{path}/actions?limit=1&events=true').body
        self.assertIn('next', page)
        self.assertIn('events', page['actions'][0])

    def test_admins_verbs(self):
        path = f'/v1/leases/{self.make()["id"]}/action'
        for verb in ('retry', 'abandon'):
            answer = self.member.post(path, {verb: None})
            self.assert_refused(answer, 403, 'PolicyNotAuthorized')
        self.assertEqual(202, self.admin.post(path, {'retry': None}).status)
        key = {'Idempotency-Key': 'key-1'}
        answer = self.admin.post(path, {'retry': None}, headers=key)
        self.assertEqual(202, answer.status)
        answer = self.admin.post(path, {'abandon': None}, headers=key)
        self.assert_refused(answer, 409, 'IdempotencyKeyReused')
        answer = self.admin.post(path, {'abandon': None})
        self.assert_refused(answer, 409, 'InvalidLeaseState')
        for body in ({}, {'retry': None, 'abandon': None}, {'retry': 1}, {'x': None}):
            self.assertEqual(400, self.admin.post(path, body).status, body)


class PluginsTest(leases_case.LeasesCase):
    def test_resource_types(self):
        plugins = self.member.get('/v1/plugins').body['plugins']
        (dummy,) = [p for p in plugins if p['resource_type'] == leases_case.DUMMY]
        self.assertEqual('object', dummy['schema']['type'])
        self.assertEqual([], dummy['options'])

    def test_allocations_of_a_type(self):
        path = '/v1/allocations?resource_type='
        answer = self.admin.get(path + leases_case.DUMMY)
        self.assertEqual((200, []), (answer.status, answer.body['allocations']))
        answer = self.admin.get(f'{path}virtual:floatingip')
        self.assert_refused(answer, 400, 'InvalidParameter')
        self.assertIn(leases_case.DUMMY, answer.body['error_message'])
        answer = self.member.get(path + leases_case.DUMMY)
        self.assert_refused(answer, 403, 'PolicyNotAuthorized')
        self.assert_refused(self.admin.get('/v1/allocations'), 400, 'InvalidParameter')

    def test_what_there_is_not(self):
        for path in ('/v1/floatingips', '/v1/floatingips/1'):
            self.assert_refused(self.member.get(path), 404, 'NotFound')
