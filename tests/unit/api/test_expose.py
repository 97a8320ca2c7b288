"""Handlers get typed parameters and checked bodies, and give answers."""

import datetime
import json
import unittest

import wsme.types

from mogan_like.api import expose
from mogan_like.api import types
from mogan_like.common import exception
from tests.unit.api import api_case

UUID = api_case.UUID
NAME = {
    'type': 'object',
    'properties': {'name': {'type': 'string', 'maxLength': 5}},
    'required': ['name'],
    'additionalProperties': False,
}
NUMBER = {
    'type': 'object',
    'properties': {'number': {'type': 'integer'}},
    'additionalProperties': False,
}


class ThingsController(expose.Controller):
    routes = {
        '': {'GET': 'list', 'POST': 'create'},
        '{uuid}': {'GET': 'show', 'PATCH': 'update', 'DELETE': 'delete'},
        '{uuid}/lock': {'PUT': 'lock'},
        '{uuid}/parts/{number}': {'GET': 'show_part'},
        'named/{name}': {'GET': 'show_named'},
        'answers/{kind}': {'GET': 'give'},
        'maybe/{status}': {'GET': 'give_nothing'},
        'once': {'POST': 'once'},
    }

    @expose.route(added={'locked': '1.2'}, several=('tag',))
    def list(
        self,
        ctx,
        limit: types.Integer(1, 10) = None,
        name: types.Name = None,
        locked: types.Boolean = None,
        since: types.DateTime = None,
        kind: wsme.types.Enum(str, 'a', 'b') = 'a',
        tag: types.Integer(1, 10) = (),
    ):
        return [limit, name, locked, since, kind, *tag]

    @expose.route(body=NAME, response=NAME, status=202)
    def create(self, ctx, body):
        where = f'{expose.base_url()}/v1/things/{UUID}'
        return expose.Response(202, body, {'Location': where})

    @expose.route()
    def show(self, ctx, uuid: types.Uuid):
        return {
            'uuid': uuid,
            'caller': [ctx.user_id, ctx.project_id, ctx.roles],
            'version': ctx.api_version,
        }

    @expose.route(body=NAME)
    def update(self, ctx, uuid: types.Uuid, body, force: types.Boolean = False):
        return {'uuid': uuid, 'body': body, 'force': force}

    @expose.route(status=204)
    def delete(self, ctx, uuid: types.Uuid):
        return None

    @expose.route(body={'1.1': NAME, '1.4': NUMBER}, status=202)
    def lock(self, ctx, uuid: types.Uuid, body):
        return None

    @expose.route()
    def show_part(self, ctx, uuid: types.Uuid, number: types.Integer(0, 9)):
        return [uuid, number]

    @expose.route()
    def show_named(self, ctx, name: types.Name):
        return {'name': name}

    @expose.route(response=NAME)
    def give(self, ctx, kind: types.Name):
        return {
            'bytes': b'{"name":"b"}',
            'dict': {'name': 'd'},
            'none': None,
            'wrong': {'name': 'too long'},
            'wrong-bytes': b'{"wrong":"b"}',
            'time': {'at': datetime.datetime(2026, 1, 2)},
            'unknown': {'name': object()},
            'ok': expose.Response(200, None),
        }[kind]

    @expose.route(response={**NAME, 'type': ['object', 'null']})
    def give_nothing(self, ctx, status: types.Integer(200, 299)):
        return expose.Response(status)

    @expose.route(body=NAME)
    def once(self, ctx, body):
        return expose.idempotency()


class ThingsTestCase(api_case.ApiTestCase):
    mounts = {'v1/things': ThingsController()}


class TestQuery(ThingsTestCase):
    def list(self, query, version='1.2'):
        return self.request(
            'GET',
            f'/v1/things?{query}',
            headers={'OpenStack-API-Version': f'baremetal-compute {version}'},
        )

    def test_parameters_are_made_into_values(self):
        for query, expected in (
            ('', [None, None, None, None, 'a']),
            ('&', [None, None, None, None, 'a']),
            ('limit=3&locked=False', [3, None, False, None, 'a']),
            ('tag=3', [None, None, None, None, 'a', 3]),
            ('tag=3&kind=b&tag=2', [None, None, None, None, 'b', 3, 2]),
            ('name=a%26b%3D%C3%A9+c', [None, 'a&b=é c', None, None, 'a']),
            (
                'since=2026-01-02T00:00:00Z&kind=b',
                [None, None, None, '2026-01-02T00:00:00.000000', 'b'],
            ),
        ):
            self.assertEqual(expected, self.list(query).json, query)

    def test_bad_parameters_are_400_and_named(self):
        for query, *words in (
            ('limit=0', 'limit', 'integer from 1 to 10'),
            ('limit=', 'limit'),
            ('limit', 'limit'),
            ('limit=11', 'limit'),
            ('limit=1&limit=1', 'limit', 'more than once'),
            ('tag=1&tag=x', 'tag', 'integer'),
            ('locked=maybe', 'locked', 'true or false'),
            ('since=now', 'since', 'ISO 8601'),
            ('kind=c', 'kind'),
            ('name=%00', 'name', 'NUL'),
            ('name=a%00b', 'name', 'NUL'),
            ('bogus=1', 'unknown query parameter bogus'),
            ('self=1', 'unknown query parameter self'),
            ('ctx=1', 'unknown query parameter ctx'),
            ('__body__={}', 'unknown query parameter __body__'),
            ('limit[0]=1', 'unknown query parameter limit[0]'),
            ('%00=1', 'unknown query parameter'),
            ('name=%FF', 'UTF-8'),
            ('name=\xff', 'UTF-8'),
            ('a=1&' * 100, 'too many'),
        ):
            with self.subTest(query[:40]):
                self.assert_refused(400, self.list(query), *words)
        self.assertNotIn('ERROR', self.log.output)

    def test_a_parameter_is_unknown_before_its_version(self):
        self.assert_refused(
            400, self.list('locked=true', '1.1'), 'unknown query parameter locked'
        )

    def test_a_path_parameter_is_no_query_parameter(self):
        answer = self.request('GET', f'/v1/things/{UUID}?uuid={UUID}')
        self.assert_refused(400, answer, 'uuid', 'more than once')


class TestPath(ThingsTestCase):
    def test_parameters_are_made_into_values(self):
        answer = self.request('GET', f'/v1/things/{UUID.upper()}/parts/7')
        self.assertEqual([UUID, 7], answer.json)

    def test_bad_parameters_are_400(self):
        self.assert_refused(400, self.request('GET', '/v1/things/x'), 'UUID', 'x')
        answer = self.request('GET', f'/v1/things/{UUID}/parts/x')
        self.assert_refused(400, answer, 'number', 'integer from 0 to 9')
        self.assert_refused(400, self.request('GET', '/v1/things/named/%00'), 'NUL')
        answer = self.request('GET', '/v1/things/named/%FF')
        self.assert_refused(400, answer, 'path', 'UTF-8')

    def test_names_of_all_kinds(self):
        for escaped, name in {
            'a.json': 'a.json',
            'a.xml': 'a.xml',
            'a%20b': 'a b',
            'a+b': 'a+b',
            '%C3%A9': 'é',
            'a%25b': 'a%b',
            'a%3Fb': 'a?b',
            'a%3Bb;c': 'a;b;c',
            '..': '..',
            '%7Bname%7D': '{name}',
            '__class__': '__class__',
        }.items():
            answer = self.request('GET', f'/v1/things/named/{escaped}')
            self.assertEqual({'name': name}, answer.json, escaped)

    def test_long_paths(self):
        for path in ('/' * 100_000, '/v1/things/' + 'a' * 100_000, '/a' * 50_000):
            answer = self.request('GET', path)
            self.assertIn(answer.status, (400, 404))
            self.assertLess(len(answer.body), 2000)


class TestBody(ThingsTestCase):
    def test_a_good_one(self):
        answer = self.request('PATCH', f'/v1/things/{UUID}?force=yes', {'name': 'a'})
        self.assertEqual(
            {'uuid': UUID, 'body': {'name': 'a'}, 'force': True}, answer.json
        )

    def test_bad_ones_are_refused_and_named(self):
        for status, body, content_type, word in (
            (400, b'{', 'application/json', 'not JSON'),
            (400, b'', 'application/json', 'required'),
            (400, b'[]', 'application/json', 'must be object'),
            (400, b'{"name": 1}', 'application/json', 'name must be string'),
            (400, b'{"name": "a", "x": 1}', 'application/json', 'unknown field x'),
            (400, b'[' * 100_000, 'application/json', 'not JSON'),
            (415, b'name=a', 'application/x-www-form-urlencoded', 'form-urlencoded'),
            (415, b'{"name": "a"}', '', 'application/json'),
        ):
            answer = self.request('POST', '/v1/things', body, CONTENT_TYPE=content_type)
            self.assert_refused(status, answer, word)
        self.assertNotIn('ERROR', self.log.output)

    def test_its_schema_follows_the_version(self):
        for version, good, bad in (
            ('1.1', {'name': 'a'}, {'number': 1}),
            ('1.3', {'name': 'a'}, {'number': 1}),
            ('1.4', {'number': 1}, {'name': 'a'}),
            ('latest', {'number': 1}, {'name': 'a'}),
        ):
            headers = {'OpenStack-API-Version': f'baremetal-compute {version}'}
            path = f'/v1/things/{UUID}/lock'
            answer = self.request('PUT', path, good, headers)
            self.assertEqual((202, b''), (answer.status, answer.body))
            answer = self.request('PUT', path, bad, headers)
            self.assert_refused(400, answer, 'Invalid request body')

    def test_one_that_nobody_asked_for_is_left_alone(self):
        for method in ('GET', 'HEAD', 'DELETE'):
            for content_type in ('application/json', 'text/plain', ''):
                answer = self.request(
                    method, f'/v1/things/{UUID}', b'{', CONTENT_TYPE=content_type
                )
                self.assertIn(answer.status, (200, 204))

    def test_deep_nesting_never_reaches_pecans_own_parser(self):
        """It would end in a RecursionError."""
        body = b'{"name": ' + b'[' * 900 + b']' * 900 + b'}'
        answer = self.request(
            'POST', '/v1/things', body, CONTENT_TYPE='application/json'
        )
        self.assert_refused(400, answer, 'nested')


class TestAnswer(ThingsTestCase):
    def give(self, kind):
        return self.request('GET', f'/v1/things/answers/{kind}')

    def test_dicts_bytes_and_nothing(self):
        for kind, body in (('dict', b'{"name":"d"}'), ('bytes', b'{"name":"b"}')):
            answer = self.give(kind)
            self.assertEqual((200, body), (answer.status, answer.body))
            self.assertEqual('application/json', answer.headers['content-type'])
            self.assertEqual(str(len(body)), answer.headers['content-length'])

    def test_no_content(self):
        answer = self.request('DELETE', f'/v1/things/{UUID}')
        self.assertEqual((204, b''), (answer.status, answer.body))
        self.assertNotIn('content-type', answer.headers)
        self.assertNotIn('content-length', answer.headers)

    def test_accepted_without_a_body(self):
        answer = self.request('PUT', f'/v1/things/{UUID}/lock', {'name': 'a'})
        self.assertEqual((202, '0'), (answer.status, answer.headers['content-length']))

    def test_status_and_headers(self):
        answer = self.request('POST', '/v1/things', {'name': 'a'}, SCRIPT_NAME='/bm')
        self.assertEqual(202, answer.status)
        self.assertEqual(
            f'http://bm.example.com/bm/v1/things/{UUID}', answer.headers['location']
        )

    def test_datetimes_have_microseconds(self):
        self.config(group='api', response_validation=False)
        self.assertEqual({'at': '2026-01-02T00:00:00.000000'}, self.give('time').json)

    def test_an_answer_that_breaks_its_schema_is_500_when_configured(self):
        # Nothing is an answer where the schema has null in it, and only there.
        for kind in ('wrong', 'wrong-bytes', 'none', 'ok'):
            self.assert_refused(500, self.give(kind))
            self.assertIn('breaks its schema', self.log.output)
            self.config(group='api', response_validation=False)
            self.assertEqual(200, self.give(kind).status)
            self.config(group='api', response_validation=True)
        for status in (200, 202):
            path = f'/v1/things/maybe/{status}'
            answer = self.request('GET', path)
            self.assertEqual((status, b''), (answer.status, answer.body))

    def test_what_has_no_form_in_json_is_500(self):
        self.config(group='api', response_validation=False)
        self.assert_refused(500, self.give('unknown'))

    def test_the_handler_knows_who_asks_and_at_which_version(self):
        answer = self.request(
            'GET',
            f'/v1/things/{UUID}',
            headers={'OpenStack-API-Version': 'baremetal-compute 1.3'},
        )
        self.assertEqual(
            {
                'uuid': UUID,
                'caller': ['some-user', 'some-project', ['member', 'reader']],
                'version': [1, 3],
            },
            answer.json,
        )

    def test_accept_does_not_matter(self):
        for accept in ('', '*/*', 'text/html', 'application/xml', 'rubbish;;'):
            answer = self.request(
                'GET', f'/v1/things/{UUID}', headers={'Accept': accept}
            )
            self.assertEqual(200, answer.status, accept)
            self.assertEqual('application/json', answer.headers['content-type'])
            answer = self.request('GET', '/v1/bogus', headers={'Accept': accept})
            self.assert_refused(404, answer)


class TestIdempotency(ThingsTestCase):
    def once(self, key, path='/v1/things/once', body=b'{"name": "a"}'):
        return self.request(
            'POST',
            path,
            body,
            headers={'Idempotency-Key': key},
            CONTENT_TYPE='application/json',
        )

    def test_there_is_none_without_the_header(self):
        answer = self.request('POST', '/v1/things/once', {'name': 'a'})
        self.assertEqual(b'', answer.body)

    def test_the_same_request_has_the_same_hash(self):
        first = self.once('k').json
        self.assertEqual('k', first['key'])
        self.assertRegex(first['hash'], '^[0-9a-f]{64}$')
        self.assertEqual(first, self.once('k').json)
        self.assertEqual(first, self.once('k', '/v1/things/once/').json)
        other = self.once('k', body=b'{"name": "b"}').json
        self.assertNotEqual(first['hash'], other['hash'])

    def test_keys_are_printable_and_not_too_long(self):
        self.assertEqual('x' * 64, self.once('x' * 64).json['key'])
        for key in ('', 'x' * 65, 'a\tb', 'a\x7f', 'é'):
            self.assert_refused(400, self.once(key), 'Idempotency-Key')


class TestDumps(unittest.TestCase):
    def test_it_is_compact_and_knows_datetimes(self):
        when = datetime.datetime(2026, 1, 2, 3, 4, 5, 6)
        self.assertEqual(
            b'["2026-01-02T03:04:05.000006",null]', expose.dumps([when, None])
        )
        self.assertEqual({'é': 1}, json.loads(expose.dumps({'é': 1})))

    def test_exceptions_are_not_swallowed(self):
        with self.assertRaises(TypeError):
            expose.dumps(exception.NotFound())
