"""The password in ``restore_auth`` is nobody's business, and nowhere afterwards."""

import logging
import uuid

import fixtures
import orjson
import sqlalchemy as sa

from mogan_like.db import engine
from mogan_like.db import idempotency
from mogan_like.db import tables
from tests.functional.protection import protection_case

_PASSWORD = 'ahem-7f3b'


class RestoreAuthTest(protection_case.ProtectionCase):
    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.DEBUG))
        self.checkpoint = self.make_checkpoint()

    def restore(self, password, key=None, **values):
        """The answer to a restore with a password, under an Idempotency-Key."""
        auth = {'type': 'password', 'username': 'u', 'password': password}
        body = {
            'provider_id': self.checkpoint['provider_id'],
            'checkpoint_id': self.checkpoint['id'],
            'restore_target': 'http://elsewhere/v3',
            'restore_auth': {**auth, **values},
        }
        headers = {'Idempotency-Key': key or uuid.uuid4().hex}
        return self.member.post('/v1/restores', {'restore': body}, headers=headers)

    def test_it_is_neither_kept_nor_logged(self):
        made = self.ask(self.restore(_PASSWORD), 'restore')
        self.wait_for(f'/v1/restores/{made["id"]}', 'success')
        # Malformed: what is refused is not told word for word.
        self.assertEqual(400, self.restore(_PASSWORD, type=7).status)
        self.assertEqual(400, self.restore([_PASSWORD]).status)
        self.assertNotIn(_PASSWORD, self.log.output)
        with engine.reader() as conn:
            for table in tables.METADATA.sorted_tables:
                rows = str(conn.execute(sa.select(table)).all())
                self.assertNotIn(_PASSWORD, rows, table.name)

    def test_no_hash_of_it_is_kept(self):
        for password in (_PASSWORD, 'another'):
            self.ask(self.restore(password), 'restore')
        with engine.reader() as conn:
            hashes = conn.execute(sa.select(idempotency.KEYS.c.hash)).scalars().all()
        self.assertEqual((2, 1), (len(hashes), len(set(hashes))))

    def test_a_repeat_with_another_password_is_the_same(self):
        first, again = (self.restore(each, 'one key') for each in ('a', 'b'))
        self.assertEqual(orjson.loads(first.raw), orjson.loads(again.raw))
