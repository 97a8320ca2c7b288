"""Every path and method finds its handler, or the right refusal."""

import unittest

from mogan_like.api import expose
from mogan_like.api import root
from mogan_like.api import types
from mogan_like.api import versions
from mogan_like.common import exception
from tests.unit.api import api_case

UUID = api_case.UUID
_OLD = 'X-OpenStack-Nova-API-Version'


class RoutesController(expose.Controller):
    routes = {
        '': {'GET': 'get', 'POST': 'act'},
        'detail': {'GET': 'get'},
        '{uuid}': {'GET': 'get_one', 'DELETE': 'act_on_one'},
        '{uuid}/lock': {'PUT': 'act_on_one'},
        '{uuid}/late': {'GET': 'get_late', 'PUT': 'act_on_one'},
        'late': {'GET': 'get_all_late'},
        'deep/a/b/c': {'GET': 'get'},
    }

    @expose.route()
    def get(self, ctx):
        return {'found': 'get'}

    @expose.route(status=204)
    def act(self, ctx):
        return None

    @expose.route()
    def get_one(self, ctx, uuid: types.Uuid):
        return {'found': uuid}

    @expose.route(status=202)
    def act_on_one(self, ctx, uuid: types.Uuid):
        return None

    @expose.route(since='1.5')
    def get_late(self, ctx, uuid: types.Uuid):
        return {'found': 'late'}

    @expose.route(since='1.5')
    def get_all_late(self, ctx):
        return {'found': 'all late'}


class RootTestCase(api_case.ApiTestCase):
    mounts = {
        '': root.VersionsController(),
        'v1/routes': RoutesController(),
        'v1/deep/mount': RoutesController(),
    }

    def at(self, version):
        return {'OpenStack-API-Version': f'baremetal-compute {version}'}


class TestRoutes(RootTestCase):
    def test_what_is_there(self):
        for path, found in {
            '/v1/routes': 'get',
            '/v1/routes/': 'get',
            '/v1/routes/detail': 'get',
            '/v1/routes/detail/': 'get',
            f'/v1/routes/{UUID}': UUID,
            f'/v1/routes/{UUID}/': UUID,
            '/v1/routes/deep/a/b/c': 'get',
            f'/v1/deep/mount/{UUID}': UUID,
        }.items():
            answer = self.request('GET', path)
            self.assertEqual(({'found': found}, 200), (answer.json, answer.status))

    def test_what_is_not_there_is_404(self):
        for path in (
            '/bogus', '/v2', '/v1/bogus', '/v1/routes/deep', '/v1/routes/deep/a/b',
            '/v1/routes/detail/x', f'/v1/routes/{UUID}/bogus', '//', '/v1//routes',
            '/v1/routes//', '//v1/routes', '/v1/deep', f'/v1/routes/{UUID}/lock/x',
            '/V1/routes', '/v1/routes.json', '/v1/{uuid}', '/v1/routes/detail.json/x',
            '/_route', '/v1/routes/../routes',
        ):  # fmt: skip
            for method in ('GET', 'POST', 'HEAD', 'OPTIONS', 'BREW'):
                answer = self.request(method, path)
                self.assertEqual(404, answer.status, (method, path))
                if method != 'HEAD':
                    self.assert_refused(404, answer)
        self.assertNotIn('ERROR', self.log.output)

    def test_another_method_is_405_with_what_this_path_has(self):
        for path, allow in {
            '/': 'GET, HEAD, OPTIONS',
            '/v1': 'GET, HEAD, OPTIONS',
            '/v1/routes': 'GET, HEAD, OPTIONS, POST',
            '/v1/routes/': 'GET, HEAD, OPTIONS, POST',
            '/v1/routes/detail': 'GET, HEAD, OPTIONS',
            f'/v1/routes/{UUID}': 'DELETE, GET, HEAD, OPTIONS',
            f'/v1/routes/{UUID}/lock': 'OPTIONS, PUT',
        }.items():
            for method in ('PATCH', 'TRACE', 'BREW', 'get', '_route'):
                answer = self.request(method, path)
                self.assert_refused(405, answer, method)
                self.assertEqual(allow, answer.headers['allow'], path)
            answer = self.request('OPTIONS', path)
            self.assertEqual((204, b''), (answer.status, answer.body))
            self.assertEqual(allow, answer.headers['allow'], path)

    def test_a_method_cannot_be_smuggled_in(self):
        """Pecan's RestController would take it."""
        answer = self.request('GET', f'/v1/routes/{UUID}?_method=DELETE')
        self.assert_refused(400, answer, '_method')

    def test_head_is_get_without_the_body(self):
        get = self.request('GET', f'/v1/routes/{UUID}')
        head = self.request('HEAD', f'/v1/routes/{UUID}')
        self.assertEqual((200, b''), (head.status, head.body))
        for name in ('content-length', 'content-type', 'openstack-api-version'):
            self.assertEqual(get.headers[name], head.headers[name])
        refused = self.request('HEAD', '/v1/routes/x')
        self.assertEqual((400, b''), (refused.status, refused.body))

    def test_a_route_is_not_there_before_its_version(self):
        for path in ('/v1/routes/late', f'/v1/routes/{UUID}/late'):
            for method in ('GET', 'HEAD'):
                answer = self.request(method, path, headers=self.at('1.4'))
                self.assertEqual(404, answer.status)
                answer = self.request(method, path, headers=self.at('1.5'))
                self.assertEqual(200, answer.status)

    def test_neither_are_its_methods(self):
        path = f'/v1/routes/{UUID}/late'
        for version, allow in (
            ('1.4', 'OPTIONS, PUT'),
            ('1.5', 'GET, HEAD, OPTIONS, PUT'),
        ):
            for method in ('OPTIONS', 'PATCH'):
                answer = self.request(method, path, headers=self.at(version))
                self.assertEqual(allow, answer.headers['allow'])
        for method in ('OPTIONS', 'PATCH'):
            answer = self.request(method, '/v1/routes/late', headers=self.at('1.4'))
            self.assert_refused(404, answer)


class TestMounts(unittest.TestCase):
    def test_two_at_one_path_stop_the_start(self):
        mounts = {'v1/a': RoutesController(), 'v1/a/': RoutesController()}
        with self.assertRaisesRegex(ValueError, 'same path'):
            root.Root(mounts)

    def test_every_handler_of_the_service_fits_its_route(self):
        root.Root(root.make_mounts())


class TestVersions(RootTestCase):
    def test_every_answer_names_the_version(self):
        for method, path, status in (
            ('GET', '/v1', 200), ('GET', '/v1/routes', 200),
            ('POST', '/v1/routes', 204),
            ('GET', '/v1/bogus', 404), ('PUT', '/v1/routes', 405),
            ('GET', '/v1/routes/x', 400), ('OPTIONS', '/v1/routes', 204),
        ):  # fmt: skip
            answer = self.request(method, path, headers=self.at('1.2'))
            self.assertEqual(status, answer.status)
            self.assertEqual(
                ['baremetal-compute 1.2'],
                [
                    text
                    for name, text in answer.pairs
                    if name == 'OpenStack-API-Version'
                ],
            )
            self.assertEqual('OpenStack-API-Version', answer.headers['vary'])

    def test_the_default_is_the_oldest(self):
        answer = self.request('GET', '/v1/routes')
        self.assertEqual(
            'baremetal-compute 1.1', answer.headers['openstack-api-version']
        )

    def test_out_of_range_and_malformed(self):
        answer = self.request('GET', '/v1/routes', headers=self.at('1.99'))
        self.assert_refused(406, answer, '1.1', versions.MAX_TEXT)
        self.assertIn('computeFault', answer.json)
        self.assertEqual(
            'baremetal-compute 1.99', answer.headers['openstack-api-version']
        )
        answer = self.request('GET', '/v1/routes', headers=self.at('new'))
        self.assert_refused(400, answer, '1.1', versions.MAX_TEXT)
        self.assertNotIn('openstack-api-version', answer.headers)
        self.assertEqual('OpenStack-API-Version', answer.headers['vary'])

    def test_discovery_works_whatever_is_asked_for(self):
        for version in ('1.99', 'new', ''):
            self.assertEqual(
                200, self.request('GET', '/', headers=self.at(version)).status
            )


class TestDocuments(RootTestCase):
    def test_the_root_lists_the_versions(self):
        keys = ('id', 'status', 'min_version', 'version')
        for path in ('/', ''):
            found = self.request('GET', path).json['versions']
            self.assertEqual(
                [
                    ('v1', 'CURRENT', versions.MIN_TEXT, versions.MAX_TEXT),
                    ('v2.1', 'CURRENT', '2.1', '2.96'),
                ],
                [tuple(each[key] for key in keys) for each in found],
            )

    def test_each_version_describes_itself(self):
        for listed in self.request('GET', '/').json['versions']:
            for path in (f'/{listed["id"]}', f'/{listed["id"]}/'):
                answer = self.request('GET', path)
                self.assertEqual((200, listed), (answer.status, answer.json['version']))

    def test_links_are_right_under_any_prefix(self):
        for environ, url in (
            ({}, 'http://bm.example.com/v1/'),
            ({'SCRIPT_NAME': '/baremetal'}, 'http://bm.example.com/baremetal/v1/'),
            ({'SCRIPT_NAME': '/b%20m/é'.encode().decode('latin-1')},
             'http://bm.example.com/b%2520m/%C3%A9/v1/'),
            ({'wsgi.url_scheme': 'https', 'HTTP_HOST': 'x:8443'}, 'https://x:8443/v1/'),
        ):  # fmt: skip
            v1, nova = self.request('GET', '/', **environ).json['versions']
            self.assertEqual([{'rel': 'self', 'href': url}], v1['links'])
            url = url.removesuffix('v1/') + 'v2.1/'
            self.assertEqual([{'rel': 'self', 'href': url}], nova['links'])

    def test_links_follow_the_proxy_when_it_is_believed(self):
        self.config(group='oslo_middleware', enable_proxy_headers_parsing=True)
        headers = {
            'X-Forwarded-Proto': 'https',
            'X-Forwarded-Host': 'api.example.com',
            'X-Forwarded-Prefix': '/compute',
        }
        for path, name in (('/v1', 'v1'), ('/v2.1', 'v2.1')):
            answer = self.request('GET', path, headers=headers)
            self.assertEqual(
                [{'rel': 'self', 'href': f'https://api.example.com/compute/{name}/'}],
                answer.json['version']['links'],
            )


class NovaController(expose.Controller):
    routes = {
        '': {'GET': 'get', 'POST': 'fail'},
        'early': {'GET': 'get_early'},
        'late': {'GET': 'get_late'},
        '{name}': {'GET': 'show', 'DELETE': 'delete'},
    }

    @expose.route(
        added={'later': '2.9'}, names={'since': ('changes-since',)}, refused=('tags',)
    )
    def get(self, ctx, name: types.Name = None, later: types.Name = None,
            since: types.DateTime = None):  # fmt: skip
        return {'name': name, 'later': later, 'since': since}

    @expose.route()
    def fail(self, ctx):
        raise exception.Conflict('no')

    @expose.route(strict_since='2.58')
    def get_early(self, ctx, name: types.Name = None):
        return {'name': name}

    @expose.route(since='2.10')
    def get_late(self, ctx):
        return {}

    @expose.route()
    def show(self, ctx, name: types.Name):
        return {'name': name}

    @expose.route(status=204)
    def delete(self, ctx, name: types.Name, force: types.Boolean = False):
        return None


class TestNovasRoutes(RootTestCase):
    mounts = {'': root.VersionsController(), 'v2.1/things': NovaController()}

    def at(self, version):
        return {'OpenStack-API-Version': f'compute {version}'}

    def named(self, answer):
        """The headers that name the version, and those that caches look at."""
        return [
            pair
            for pair in answer.pairs
            if pair[0] in ('Vary', 'OpenStack-API-Version', _OLD)
        ]

    def test_both_headers_name_the_version_and_vary(self):
        for headers in (self.at('2.9'), {_OLD: '2.9'}, self.at('2.9') | {_OLD: '2.3'}):
            for path in ('/v2.1/things', '/v2.1/bogus', '/v2.1/'):
                answer = self.request('GET', path, headers=headers)
                self.assertEqual(
                    [
                        ('Vary', 'OpenStack-API-Version'),
                        ('Vary', _OLD),
                        ('OpenStack-API-Version', 'compute 2.9'),
                        (_OLD, '2.9'),
                    ],
                    self.named(answer),
                )

    def test_versions_are_those_of_the_family(self):
        for asked, named in (
            ({}, '2.1'),
            (self.at('latest'), '2.96'),
            ({_OLD: 'latest'}, '2.96'),
            ({'OpenStack-API-Version': 'baremetal-compute 1.3'}, '2.1'),
        ):
            answer = self.request('GET', '/v2.1/things', headers=asked)
            self.assertEqual(200, answer.status)
            self.assertEqual(named, answer.headers[_OLD.lower()])

    def test_out_of_range_and_malformed_are_novas(self):
        answer = self.request('GET', '/v2.1/things', headers=self.at('2.999'))
        self.assertEqual(406, answer.status)
        fault = {
            'code': 406,
            'message': 'Version 2.999 is not supported by the API. '
            'Minimum is 2.1 and maximum is 2.96.',
        }
        self.assertEqual({'computeFault': fault}, answer.json)
        self.assertEqual('2.999', answer.headers[_OLD.lower()])
        answer = self.request('GET', '/v2.1/things', headers={_OLD: 'abc'})
        fault = {
            'code': 400,
            'message': 'API Version String abc is of invalid format. '
            'Must be of format MajorNum.MinorNum.',
        }
        self.assertEqual((400, {'badRequest': fault}), (answer.status, answer.json))
        self.assertEqual(
            [('Vary', 'OpenStack-API-Version'), ('Vary', _OLD)], self.named(answer)
        )

    def test_errors_have_novas_form_and_both_request_ids(self):
        answer = self.request('POST', '/v2.1/things')
        fault = {'code': 409, 'message': 'no'}
        self.assertEqual({'conflictingRequest': fault}, answer.json)
        self.assertEqual(
            answer.headers['x-openstack-request-id'],
            answer.headers['x-compute-request-id'],
        )
        self.assertNotIn('x-compute-request-id', self.request('GET', '/').headers)

    def test_what_is_unknown_is_dropped_until_it_is_refused(self):
        path = '/v2.1/things?bogus=1&later=x'
        for version, later in (('2.1', None), ('2.9', 'x'), ('2.74', 'x')):
            answer = self.request('GET', path, headers=self.at(version))
            self.assertEqual(later, answer.json['later'])
        answer = self.request('GET', path, headers=self.at('2.75'))
        self.assertEqual(400, answer.status)
        self.assertIn('bogus', answer.json['badRequest']['message'])

    def test_since_when_what_is_unknown_is_refused_is_the_familys(self):
        for method, path, before, since in (
            ('GET', '/v2.1/things', '2.74', '2.75'),
            ('DELETE', '/v2.1/things/a', '2.74', '2.75'),
            # An exception, as one of Nova's lists is.
            ('GET', '/v2.1/things/early', '2.57', '2.58'),
            # Nova looks at no query where there is nothing to ask.
            ('GET', '/v2.1/things/a', '2.96', None),
            ('GET', '/v2.1/things/late', '2.96', None),
            ('GET', '/v2.1', '2.96', None),
        ):
            with self.subTest(method=method, path=path):
                status = 204 if method == 'DELETE' else 200
                for version, expected in ((before, status), (since, 400)):
                    if version:
                        answer = self.request(
                            method, f'{path}?bogus=1', headers=self.at(version)
                        )
                        self.assertEqual(expected, answer.status)
        # What is dropped has to be text all the same.
        for path in ('/v1?bogus=1', '/v2.1/things/a?bogus=%ff'):
            self.assertEqual(400, self.request('GET', path).status)

    def test_a_filter_that_is_not_served_is_never_dropped(self):
        for version in ('2.1', '2.75'):
            path = '/v2.1/things?tags=x'
            answer = self.request('GET', path, headers=self.at(version))
            self.assertEqual(400, answer.status)
            self.assertIn('tags', answer.json['badRequest']['message'])

    def test_a_parameter_has_its_own_names_only(self):
        time = '2026-01-01T00:00:00'
        answer = self.request('GET', f'/v2.1/things?changes-since={time}')
        self.assertEqual(f'{time}.000000', answer.json['since'])
        answer = self.request('GET', f'/v2.1/things?since={time}')
        self.assertIsNone(answer.json['since'])
