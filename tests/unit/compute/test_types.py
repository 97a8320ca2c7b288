"""Patterns are those that all databases read, and none needs long for."""

import unittest
import warnings

from mogan_like.compute import types


class TestPattern(unittest.TestCase):
    def test_what_is_understood(self):
        for text in (
            'web', 'web-1', '^web', 'web$', r'db\.1', '[a-z]', '[^]a]', '[]a]', 'a|b',
            '(web|db)-1', 'a|b|c|d', '(a|b|c)', '(a|b)c*',
            'web-.*', 'a+b?', 'a{2}', 'a{2,}', 'a{2,30}', r'\d\w\s',
            r'[\d.]', 'é', r'\[x\]', 'a b', '(a)', r'\\', '-',
            '[a&b|c~d]', '[-a]', '[a-]', r'[\&&]', 'a&&b', 'a--b',
        ):  # fmt: skip
            with self.subTest(text), warnings.catch_warnings():
                warnings.simplefilter('error')
                self.assertEqual(text, types.Pattern.frombasetype(text))

    def test_what_is_refused(self):
        for text in (
            '', 'x' * 256, '(', ')', 'a)', '[', '[a', '*', '^*', 'a**', 'a+?', 'a++',
            'a{', 'a{,3}', 'a{100}', 'a{2,1}', 'a}', '{1}', '(a)*', '(a|b){2}', '(?i)a',
            '(?:a)', r'(a)\1', r'\1', r'\x', r'\Z', r'\b', '\\', '[b-a]',
            '[[:alpha:]]', '[[:foo:]]', 'a*b*c*', '[a&&b]',
            '[a--b]', '[a~~b]', '[a||b]', '[]--a]', '[--a]', 'a?b?c?',
            '(a|aa)(a|aa)(a|aa)x', '(|a)(|a)(|a)', '((a|b)|c)(d|e)', '(a|b|c)d*',
        ):  # fmt: skip
            with self.subTest(text), self.assertRaises(ValueError):
                types.Pattern.frombasetype(text)
