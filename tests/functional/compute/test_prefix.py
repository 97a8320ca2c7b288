"""Under any prefix the service works, and its links lead back to it."""

import uuid as uuid_module

from tests import fixtures
from tests.functional.compute import compute_case


class _Mounted(fixtures.Client):
    """Asks a service that a web server has below a path."""

    def __init__(self, application, persona, prefix, headers=()):
        super().__init__(mount(application, prefix), persona)
        self._prefix = prefix
        self._headers = dict(headers)

    def send(self, method, path, body=None, **kwargs):
        """The answer to one request, at its path below the prefix."""
        kwargs['headers'] = {**self._headers, **(kwargs.get('headers') or {})}
        return super().send(method, path, body, **kwargs)


def mount(application, prefix):
    """As a WSGI server that is told of the prefix."""

    def mounted(environ, start_response):
        environ['SCRIPT_NAME'] = prefix
        return application(environ, start_response)

    return mounted


class PrefixTest(compute_case.ComputeCase):
    def setUp(self):
        super().setUp()
        self.uuids = self.make_instances(2)
        # As Karbor's clients have it, with the project in the path.
        self.triggers = f'/v1/{self.member.persona.project_id}/triggers'
        for name in ('a', 'b'):
            properties = {'format': 'crontab', 'pattern': '0 0 1 1 *'}
            trigger = {'name': name, 'type': 'time', 'properties': properties}
            answer = self.member.post(self.triggers, {'trigger_info': trigger})
            self.assertEqual(200, answer.status, answer)
            keypair = {'name': name, 'public_key': compute_case.KEY}
            answer = self.member.post('/v2.1/os-keypairs', {'keypair': keypair})
            self.assertEqual(201, answer.status, answer)
        self.act(self.uuids[0], 'lock')
        self.act(self.uuids[0], 'unlock')

    def check(self, client, start):
        """Every kind of link begins like this."""
        for path in (
            '/',
            '/v1',
            '/v2.1',
            '/v1/instances?limit=1',
            f'/v1/instances/{self.uuids[0]}',
            '/v1/flavors',
            '/v2.1/servers?limit=1',
            '/v2.1/servers/detail?limit=1',
            f'/v2.1/servers/{self.uuids[0]}',
            '/v2.1/flavors/detail',
            '/v2.1/flavors?limit=1',
            f'/v2.1/servers/{self.uuids[0]}/os-instance-actions?limit=1',
            '/v2.1/os-keypairs?limit=1',
            f'{self.triggers}?limit=1',
        ):
            answer = client.get(path)
            self.assertEqual(200, answer.status, (path, answer))
            hrefs = list(find_links(answer.body))
            self.assertTrue(hrefs, path)
            for href in hrefs:
                self.assertTrue(href.startswith(start + '/'), (path, href))
        self.check_pages(client, start)
        fault = client.get('/v2.1/bogus')
        self.assert_fault(fault, 404, 'itemNotFound')

    def check_pages(self, client, start):
        """A link to the next page leads there."""
        for path, find in (
            ('/v1/instances?limit=1', lambda body: body['next']),
            ('/v2.1/servers?limit=1', lambda body: body['servers_links'][0]['href']),
            (f'{self.triggers}?limit=1', lambda body: body['next']),
        ):
            first = client.get(path).body
            (shown,) = next(iter(first.values()))
            answer = client.get(find(first).removeprefix(start))
            self.assertEqual(200, answer.status)
            (found,) = next(iter(answer.body.values()))
            self.assertNotEqual(shown, found)

    def test_of_the_server(self):
        for prefix in ('', '/compute', '/metal/api'):
            client = _Mounted(self.service.application, self.member.persona, prefix)
            self.check(client, f'http://localhost{prefix}')

    def test_rebuilt_is_found_below_the_prefix(self):
        client = _Mounted(self.service.application, self.member.persona, '/compute')
        path = f'/v2.1/servers/{self.uuids[0]}'
        body = {'rebuild': {'imageRef': fixtures.IMAGE}}
        answer = client.post(f'{path}/action', body)
        self.assertEqual(202, answer.status, answer)
        location = answer.headers['Location']
        self.assertEqual(f'http://localhost/compute{path}', location)

    def test_created_is_found_below_the_prefix(self):
        client = _Mounted(self.service.application, self.member.persona, '/compute')
        server = {
            'name': 'n',
            'imageRef': fixtures.IMAGE,
            'flavorRef': self.service.make_flavor(),
            'networks': 'none',
        }
        answer = client.post('/v2.1/servers', {'server': server})
        start = 'http://localhost/compute/v2.1/servers/'
        self.assertTrue(answer.headers['Location'].startswith(start))


class ProjectTest(compute_case.ComputeCase):
    """Old catalogues have the project's id behind the version."""

    def test_it_is_told_that_the_url_has_no_project(self):
        uuid = self.service.make_instance()
        project = self.member.persona.project_id
        other = str(uuid_module.uuid4())
        for method, path in (
            ('GET', f'/v2.1/{project}'),
            ('GET', f'/v2.1/{project}/'),
            ('GET', f'/v2.1/{project}/servers'),
            ('GET', f'/v2.1/{project}/servers/detail?all_tenants=1'),
            ('GET', f'/v2.1/{project}/servers/{uuid}'),
            ('POST', f'/v2.1/{project}/servers/{uuid}/action'),
            ('DELETE', f'/v2.1/{project}/servers/{uuid}'),
            ('GET', f'/v2.1/{project}/os-volumes'),
            ('GET', f'/v2.1/{other}/flavors'),
            ('GET', f'/v2.1/{other.replace("-", "")}/limits'),
            ('GET', '/v2.1/demo/servers'),
        ):
            for version in ('2.1', '2.96'):
                answer = self.member.send(method, path, version=version)
                told = self.assert_fault(answer, 404, 'itemNotFound')
                self.assertIn('has no project', told, path)
                self.assertIn('http://localhost/v2.1', told, path)
        self.assertEqual('ACTIVE', self.show(uuid)['status'])

    def test_what_is_not_served_is_not_there(self):
        for path in ('bogus', 'os-volumes', 'servers/detail/x', 'images/detail'):
            answer = self.member.get(f'/v2.1/{path}')
            told = self.assert_fault(answer, 404, 'itemNotFound')
            self.assertNotIn('project', told, path)


class ProxyTest(PrefixTest):
    """The same by the headers of a proxy that is believed."""

    options = {
        **PrefixTest.options,
        'oslo_middleware__enable_proxy_headers_parsing': True,
    }

    def test_of_the_proxy(self):
        headers = {
            'X-Forwarded-Prefix': '/compute',
            'X-Forwarded-Host': 'api.example.org',
            'X-Forwarded-Proto': 'https',
        }
        client = _Mounted(self.service.application, self.member.persona, '', headers)
        self.check(client, 'https://api.example.org/compute')


def find_links(document):
    """The links anywhere in a document, those to pages included."""
    if isinstance(document, list):
        for inner in document:
            yield from find_links(inner)
    elif isinstance(document, dict):
        for name, inner in document.items():
            if name in ('href', 'next'):
                yield inner
            else:
                yield from find_links(inner)
