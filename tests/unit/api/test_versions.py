"""The microversion header, as clients and proxies may send it."""

import unittest

from mogan_like.api import versions
from mogan_like.common import exception

_OLD = 'HTTP_X_OPENSTACK_NOVA_API_VERSION'


def negotiate(header):
    environ = {} if header is None else {'HTTP_OPENSTACK_API_VERSION': header}
    return versions.negotiate(environ), environ[versions.ENV]


class TestNegotiate(unittest.TestCase):
    def test_the_history_is_gapless(self):
        self.assertEqual(
            [(1, minor) for minor in range(1, len(versions.HISTORY) + 1)],
            [versions.parse(text) for text in versions.HISTORY],
        )

    def test_what_is_understood(self):
        newest = versions.MAX_TEXT
        for header, expected in {
            None: '1.1',
            '': '1.1',
            'baremetal-compute 1.3': '1.3',
            'baremetal_compute 1.3': '1.3',
            'Baremetal-Compute  1.3 ': '1.3',
            'baremetal-compute latest': newest,
            'baremetal-compute Latest': newest,
            'compute 2.90': '1.1',
            'compute 2.90, baremetal-compute 1.2, reservation 1.0': '1.2',
            'compute 2.90,baremetal-compute 1.2': '1.2',
            'baremetal-compute 1.2, baremetal-compute 1.4': '1.4',
            'rubbish': '1.1',
            ', ,': '1.1',
        }.items():
            with self.subTest(header):
                self.assertEqual(
                    (versions.parse(expected), expected), negotiate(header)
                )

    def test_what_is_malformed_is_400_and_names_the_range(self):
        for asked in (
            '', '1', 'abc', '1.x', '1.', '.1', '-1.1', '1.01', '01.1', '1.1.1',
            '1 .1', '1.1 1.2', '\u0661.\u0661', '1.' + '9' * 5000,
        ):  # fmt: skip
            with (
                self.subTest(asked),
                self.assertRaises(exception.InvalidVersion) as caught,
            ):
                negotiate(f'baremetal-compute {asked}')
            self.assertIn(f'from 1.1 to {versions.MAX_TEXT}', str(caught.exception))
            self.assertLess(len(str(caught.exception)), 300)

    def test_what_is_out_of_range_is_406_and_names_the_range(self):
        for asked in ('1.0', '0.1', '1.999', '2.1', '999999999.999999999'):
            if asked == '0.1':
                continue
            with (
                self.subTest(asked),
                self.assertRaises(exception.VersionNotSupported) as caught,
            ):
                negotiate(f'baremetal-compute {asked}')
            self.assertIn('1.1', str(caught.exception))
            self.assertIn(versions.MAX_TEXT, str(caught.exception))


class TestComputeVersions(unittest.TestCase):
    def test_the_list_is_in_order_and_within_what_is_advertised(self):
        found = [versions.parse(text) for text in versions.COMPUTE_HISTORY]
        self.assertEqual(sorted(set(found)), found)
        self.assertEqual(('2.1', '2.96'), versions.COMPUTE[1:3])

    def test_the_new_header_wins_over_the_old(self):
        environ = {'PATH_INFO': '/v2.1/servers', _OLD: '2.5'}
        self.assertEqual((2, 5), versions.negotiate(environ))
        environ['HTTP_OPENSTACK_API_VERSION'] = 'compute 2.7'
        self.assertEqual((2, 7), versions.negotiate(environ))

    def test_a_family_is_found_by_the_whole_segment(self):
        for path, family in {
            '/v2.1': versions.COMPUTE,
            '/v2.1/servers': versions.COMPUTE,
            '/v2.10': versions.V1,
            '/v1': versions.V1,
            '': versions.V1,
        }.items():
            self.assertIs(family, versions.find_family({'PATH_INFO': path}), path)
            self.assertIs(family, versions.family_of(path), path)


class TestResponseHeaders(unittest.TestCase):
    def headers(self, header):
        environ = {'HTTP_OPENSTACK_API_VERSION': header}
        return dict(versions.response_headers(environ))

    def test_before_routing_it_is_negotiated_all_the_same(self):
        self.assertEqual(
            {
                'Vary': 'OpenStack-API-Version',
                'OpenStack-API-Version': 'baremetal-compute 1.3',
            },
            self.headers('baremetal-compute 1.3'),
        )

    def test_a_406_names_what_was_asked_for(self):
        self.assertEqual(
            'baremetal-compute 1.999',
            self.headers('baremetal-compute 1.999')['OpenStack-API-Version'],
        )

    def test_what_is_malformed_is_not_repeated(self):
        self.assertEqual(
            {'Vary': 'OpenStack-API-Version'},
            self.headers('baremetal-compute 1.1\r\nSet-Cookie: x'),
        )
