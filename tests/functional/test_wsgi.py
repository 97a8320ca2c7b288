"""The WSGI application under real servers, at its root and under a prefix."""

import requests

from tests import fixtures
from tests.processes import processes
from tests.processes import site_case

_MODULE = 'mogan_like.wsgi.api:application'
_PREFIX = '/baremetal'


#: Whoever calls, by whatever name: this is not about who gets in.
_OPEN = {'api__auth_strategy': 'noauth', 'api__noauth_force': 'true'}


class ServersCase(site_case.SiteCase):
    def setUp(self):
        super().setUp()
        self.site = self.make_site('sqlite')
        self.port = processes.find_port()
        self.server = f'http://127.0.0.1:{self.port}'

    def start_gunicorn(self, prefix='', **options):
        """Gunicorn as operators run it: loaded once, then forked."""
        config = self.site.write_config(**_OPEN, **options)
        self.web = self.useFixture(
            processes.Process(
                'gunicorn',
                *('--bind', f'127.0.0.1:{self.port}'),
                *('--workers', '2', '--threads', '4', '--preload'),
                '--no-control-socket',
                _MODULE,
                env={'MOGAN_LIKE_CONFIG': config, 'SCRIPT_NAME': prefix},
            )
        )
        self.web.wait_for_port(self.port)

    def start_cheroot(self, **options):
        self.web = self.site.start(
            'mogan-like-api', api__port=self.port, **_OPEN, **options
        )
        self.web.wait_for_port(self.port)

    def ask(self, method, url, status=200, **kwargs):
        """The answer to a request, of the status that is expected."""
        answer = requests.request(method, url, timeout=30, **kwargs)
        self.assertEqual(status, answer.status_code, f'{url} {answer.text}')
        self.assertIn('x-openstack-request-id', answer.headers)
        return answer

    def make_flavors(self, base, **kwargs):
        """Two flavors; the URL of one as the service gave it."""
        for name in ('one', 'two'):
            answer = self.ask(
                'POST',
                f'{self.server}{base}/v1/flavors',
                201,
                json={'name': name, 'resource_class': 'baremetal'},
                **kwargs,
            )
        return answer.headers['Location']

    def play(self, base):
        """From a flavor to a lock, along the links that come back."""
        root = self.server + base
        version = self.ask('GET', f'{root}/').json()['versions'][0]
        self.assertEqual(f'{root}/v1/', version['links'][0]['href'])
        self.ask('GET', version['links'][0]['href'])
        flavor = self.ask('GET', self.make_flavors(base)).json()
        self.assertEqual(
            f'{root}/v1/flavors/{flavor["uuid"]}', flavor['links'][0]['href']
        )
        page = self.ask('GET', f'{root}/v1/flavors?limit=1').json()
        self.assertTrue(page['next'].startswith(f'{root}/v1/flavors?'), page)
        self.assertEqual(1, len(self.ask('GET', page['next']).json()['flavors']))
        instance = self.ask(
            'POST',
            f'{root}/v1/instances',
            202,
            json={
                'name': 'metal',
                'image_uuid': fixtures.IMAGE,
                'flavor_uuid': flavor['uuid'],
            },
        ).headers['Location']
        fixtures.wait_until(
            lambda: self.ask('GET', instance).json()['status'] == 'ACTIVE', 'the build'
        )
        self.ask('PUT', f'{instance}/states/lock', 202, json={'lock': None})
        refused = self.ask('DELETE', instance, 403).json()
        self.assertEqual('OperationNotPermitted', refused['error_name'])

    def check_bodies(self, base):
        """Bodies of all sizes, announced or not."""
        url = f'{self.server}{base}/v1/flavors'
        small = b'{"name": "chunks", "resource_class": "baremetal"}'
        headers = {'Content-Type': 'application/json'}
        self.ask('POST', url, 201, data=iter([small[:9], small[9:]]), headers=headers)
        large = b'{"name": "' + b'x' * 200000 + b'"}'
        self.ask('POST', url, 413, data=large, headers=headers)
        self.ask('POST', url, 413, data=iter([large]), headers=headers)
        self.ask('POST', url, 400, data=b'{', headers=headers)

    def check_health(self, base):
        """A probe finds the service well, and an unknown path is a 404."""
        self.ask('GET', f'{self.server}{base}/healthcheck')
        missing = self.ask('GET', f'{self.server}{base}/v1/nothing', 404)
        self.assertEqual(404, missing.json()['error_code'])

    def check_proxy(self):
        """What a proxy says of itself is in the links."""
        said = {
            'X-Forwarded-Prefix': '/metal',
            'X-Forwarded-Host': 'cloud.example',
            'X-Forwarded-Proto': 'https',
        }
        url = self.make_flavors('', headers=said)
        self.assertTrue(url.startswith('https://cloud.example/metal/v1/'), url)
        page = self.ask(
            'GET', f'{self.server}/v1/flavors', params={'limit': 1}, headers=said
        ).json()
        self.assertTrue(
            page['next'].startswith('https://cloud.example/metal/v1/flavors?'), page
        )


class GunicornTest(ServersCase):
    def test_under_a_prefix(self):
        self.start_gunicorn(_PREFIX, oslo_middleware__max_request_body_size=100000)
        self.play(_PREFIX)
        self.check_bodies(_PREFIX)
        self.check_health(_PREFIX)

    def test_behind_a_proxy(self):
        self.start_gunicorn(oslo_middleware__enable_proxy_headers_parsing='true')
        self.check_proxy()


class CherootTest(ServersCase):
    def test_at_the_root(self):
        self.start_cheroot(oslo_middleware__max_request_body_size=100000)
        self.play('')
        self.check_bodies('')
        self.check_health('')

    def test_behind_a_proxy(self):
        self.start_cheroot(oslo_middleware__enable_proxy_headers_parsing='true')
        self.check_proxy()
