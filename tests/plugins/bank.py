"""What every bank has to do."""

import itertools

from mogan_like.common import exception

KEYS = ('a/b/1', 'a/b/2@x', 'a/b-c', 'a/b.d/3', 'a/bb/2026:01', 'b/1', 'c')
BAD_KEYS = ('', '/a', 'a/', 'a//b', '..', 'a/../b', './a', 'a/.', 'a b', 'ä', 'a\0')


class BankContract:
    """Tests of a bank; the class that mixes it in says how it is made."""

    def make_bank(self):
        """A bank; a second call makes another one of the same documents."""
        raise NotImplementedError

    def setUp(self):
        super().setUp()
        self.bank = self.make_bank()

    def test_what_was_put_is_got_by_everybody(self):
        document = {'text': 'ä\n', 'list': [1, None, {'deep': True}]}
        self.bank.put('checkpoints/1/index.json', document)
        self.assertEqual(document, self.make_bank().get('checkpoints/1/index.json'))

    def test_put_replaces_and_may_be_repeated(self):
        for value in (1, 2, 2):
            self.bank.put('a/b', {'value': value})
        self.assertEqual({'value': 2}, self.bank.get('a/b'))
        self.assertEqual(['a/b'], self.bank.list(''))

    def test_what_is_not_there(self):
        self.assertRaises(exception.BankKeyNotFound, self.bank.get, 'a/b')
        self.bank.put('a/b', {})
        self.assertRaises(exception.BankKeyNotFound, self.bank.get, 'a/c')
        self.assertRaises(exception.BankKeyNotFound, self.bank.get, 'a/b/c')
        self.assertEqual([], self.bank.list('nothing/'))

    def test_delete_may_be_repeated(self):
        self.bank.put('a/b/c', {})
        self.bank.put('a/d', {})
        for _ in range(2):
            self.bank.delete('a/b/c')
        self.bank.delete('never/there')
        self.assertRaises(exception.BankKeyNotFound, self.bank.get, 'a/b/c')
        self.assertEqual(['a/d'], self.bank.list(''))
        self.bank.put('a/b/c', {})
        self.assertEqual(['a/b/c', 'a/d'], self.bank.list(''))

    def test_keys_that_are_none(self):
        for key in (*BAD_KEYS, 'x' * 201):
            for call in (
                lambda key=key: self.bank.put(key, {}),
                lambda key=key: self.bank.get(key),
                lambda key=key: self.bank.delete(key),
            ):
                self.assertRaises(exception.InvalidParameter, call)
        for prefix in ('/', '../', 'a/../', 'a b'):
            self.assertRaises(exception.InvalidParameter, self.bank.list, prefix)

    def test_pages_have_all_keys_once_in_both_orders(self):
        self._put_all()
        for prefix in ('', 'a', 'a/', 'a/b', 'a/b/', 'a/b/2', 'c', 'x'):
            for descending in (False, True):
                expected = sorted(
                    (key for key in KEYS if key.startswith(prefix)), reverse=descending
                )
                for limit in (None, 1, 2, 3):
                    pages = list(self._page(prefix, limit, descending))
                    self.assertEqual(
                        expected,
                        list(itertools.chain(*pages)),
                        (prefix, limit, descending),
                    )

    def test_a_marker_may_be_a_key_that_is_gone(self):
        self._put_all()
        self.bank.delete('a/b/2@x')
        self.assertEqual(
            ['a/bb/2026:01'], self.bank.list('', marker='a/b/2@x', limit=1)
        )
        self.assertEqual(
            ['a/b/1'], self.bank.list('', marker='a/b/2@x', limit=1, descending=True)
        )

    def _put_all(self):
        for key in KEYS:
            self.bank.put(key, {'key': key})

    def _page(self, prefix, limit, descending):
        marker = None
        while True:
            page = self.bank.list(
                prefix, marker=marker, limit=limit, descending=descending
            )
            yield page
            if limit is None or not page:
                return
            self.assertLessEqual(len(page), limit)
            marker = page[-1]
