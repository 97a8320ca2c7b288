"""The microversion header, as clients and proxies may send it."""

import unittest

from mogan_like.api import versions
from mogan_like.common import exception


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
