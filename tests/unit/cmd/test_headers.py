"""Header lines of requests: which are joined, which are refused."""

import contextlib
import io
import time
import unittest

from mogan_like.cmd import headers

_HOST = b'Host: a'


def read(*lines, protocol=b'HTTP/1.1'):
    """The headers that these lines are, by name."""
    sent = b''.join(line + b'\r\n' for line in (*lines, b''))
    return headers.read(io.BytesIO(sent), protocol)


class TestRead(unittest.TestCase):
    def assert_refused(self, words, *lines, protocol=b'HTTP/1.1'):
        with self.assertRaisesRegex(ValueError, words):
            read(*lines, protocol=protocol)

    def test_lines(self):
        self.assertEqual(
            {b'Host': b'a', b'X-Auth-Token': b'a: b', b'Accept': b'', b'X': b'\xe9\tx'},
            read(_HOST, b'x-auth-token:a: b ', b'Accept:', b'X: \t\xe9\tx\t'),
        )

    def test_a_line_of_blanks_takes_no_longer_than_others(self):
        """A hundred times as many took a million times as long, of all threads."""

        def measure(line, count):
            began = time.thread_time()
            with contextlib.suppress(ValueError):
                read(_HOST, line(count))
            return time.thread_time() - began

        for end in (b'y', b'\0'):

            def line(count, end=end):
                return b'A: x' + b' ' * count + end

            few, many = (
                min(measure(line, count) for _ in range(5)) for count in (20, 2000)
            )
            self.assertLess(many, 1000 * few)

    def test_lines_of_one_name_are_a_list(self):
        for lines, value in (
            ((b'compute 2.9', b'volume 3.1'), b'compute 2.9, volume 3.1'),
            ((b'compute 2.9', b''), b'compute 2.9'),
            ((b'', b'compute 2.9', b'x'), b'compute 2.9, x'),
        ):
            sent = [b'OpenStack-API-Version: ' + line for line in lines]
            self.assertEqual(value, read(_HOST, *sent)[b'Openstack-Api-Version'])

    def test_what_has_one_value_is_given_once(self):
        for name in (
            b'Authorization',
            b'Content-Length',
            b'Content-Type',
            b'Host',
            b'Idempotency-Key',
            b'X-Auth-Token',
            b'X-Service-Token',
        ):
            for line in (name + b': 1', name.upper() + b': 2', name + b':'):
                words = f'{name.decode()} is given more than once'
                self.assert_refused(words, name + b': 1', line)

    def test_what_proxies_read_otherwise(self):
        """Each is a way to hide a request in the body of another."""
        for lines in (
            (b' X: folded',),
            (b'X: a', b' folded'),
            (b'X : a',),
            (b'\x0bX: a',),
            (b': a',),
            (b'no colon',),
            (b'X: a\rY: b',),
            (b'X: a\0',),
            (b'Transfer-Encoding: \x0bchunked',),
        ):
            self.assert_refused('header line', _HOST, *lines)
        self.assert_refused('CRLF', b'X: a\nY: b')
        with self.assertRaisesRegex(ValueError, 'end'):
            headers.read(io.BytesIO(b'Host: a\r\n'), b'HTTP/1.1')

    def test_names_with_an_underscore_are_dropped(self):
        """WSGI has one name for both: they could pass for what a proxy says."""
        self.assertEqual(
            {b'Host': b'a', b'X-Forwarded-Host': b'b'},
            read(_HOST, b'X-Forwarded-Host: b', b'X_Forwarded_Host: c'),
        )

    def test_how_long_the_body_is(self):
        chunked = b'Transfer-Encoding: Chunked'
        read(_HOST, chunked)
        read(_HOST, b'Content-Length: 10')
        for length in (b'', b'+1', b'-1', b'1_0', b'1, 1', b'0x1', b'\xb2', b'9' * 19):
            line = b'Content-Length: ' + length
            self.assert_refused('Content-Length', _HOST, line)
        self.assert_refused('both', _HOST, chunked, b'Content-Length: 1')
        self.assert_refused('chunked twice', _HOST, chunked, chunked)
        self.assert_refused('Transfer-Encoding', _HOST, chunked, protocol=b'HTTP/1.0')

    def test_a_host_is_named(self):
        self.assert_refused('Host is required', b'X: a')
        self.assertEqual({b'Host': b''}, read(b'Host:'))
        self.assertEqual({b'X': b'a'}, read(b'X: a', protocol=b'HTTP/1.0'))
