"""What every bank has to do."""

import datetime
import itertools
import types

from mogan_like.common import exception
from mogan_like.protection import banking

KEYS = ('a/b/1', 'a/b/2@x', 'a/b-c', 'a/b.d/3', 'a/bb/2026:01', 'b/1', 'c')
BAD_KEYS = ('', '/a', 'a/', 'a//b', '..', 'a/../b', './a', 'a/.', 'a b', 'ä', 'a\0')

#: Not a multiple of the pages' sizes.
_COUNT = 43


def _make_checkpoint(number):
    """What a bank keeps of a checkpoint; two are of the same time."""
    created = datetime.datetime(2026, 2, 3, 4, 5, number // 2, 678)
    return types.SimpleNamespace(
        uuid=f'{number:08}-1111-4222-8333-444444444444',
        status='available',
        user_id='user',
        project_id='project',
        provider_id='provider',
        plan_uuid='plan',
        plan='{"id": "plan"}',
        extra_info='{}',
        resource_graph='[{}, []]',
        fault=None,
        created_at=created,
    )


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

    def test_checkpoints_are_listed_once_while_some_go(self):
        made = [_make_checkpoint(number) for number in range(_COUNT)]
        for each in made:
            banking.write(self.bank, each, [], check=lambda: None)
        where = {'plan': 'plan'}, {'date': '2026-02-03'}, {}
        for narrow, size, descending in zip(
            where, (7, 10, 9), (False, True, False), strict=True
        ):
            order = made[::-1] if descending else made
            found, gone, marker = [], [], None
            while True:
                ids, marker = banking.list_page(
                    self.bank,
                    'provider',
                    'project',
                    **narrow,
                    marker=marker,
                    limit=size,
                    descending=descending,
                )
                if not ids:
                    break
                found += ids
                # The marker of the next page, and one that is yet to come.
                coming = order[len(found) + len(gone) + 2 :][:1]
                gone += coming
                last = next(each for each in order if each.uuid == ids[-1])
                for each in (last, *coming):
                    banking.remove(self.bank, each, [], check=lambda: None)
                    made = [other for other in made if other is not each]
            expected = [each.uuid for each in order if each not in gone]
            self.assertEqual(expected, found, narrow)
        self.assertEqual(_COUNT, len(set(banking.list_all(self.bank))))

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
