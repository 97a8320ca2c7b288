"""Sizes of machines are texts that anybody may have written."""

import unittest

from mogan_like.common import sizes


class ReadTest(unittest.TestCase):
    def test_read(self):
        most = sizes.MOST
        for text, number in (
            ('0', 0),
            ('16', 16),
            ('007', 7),
            (str(most), most),
            ('0' * 245 + str(most), most),
            (str(most + 1), None),
            (str(2**64), None),
            ('9' * 255, None),
            *((text, None) for text in (None, '', '-1', '+1', '1e3', '1_000', '4.0')),
            *((text, None) for text in (' 5', '5\n', '٣', '²', 'NaN', 'many', '\0')),
        ):
            with self.subTest(text):
                self.assertEqual(number, sizes.read(text))
