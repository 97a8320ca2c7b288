"""A database that does not let the API in: 503, and the reason in the log."""

import fixtures
import sqlalchemy as sa
import testtools

from mogan_like.common.config import CONF
from mogan_like.db import engine
from tests import fixtures as service_fixtures


class DatabaseLoginMixin:
    backend: str
    reason: str

    def test_wrong_login(self):
        log = self.useFixture(fixtures.FakeLogger())
        service = self.useFixture(
            service_fixtures.Service(self, database=self.backend, bus='inprocess')
        )
        url = sa.make_url(service.database.url)
        engine.dispose()
        wrong = url.set(username='mogan_like_nobody', password='wrong')
        CONF.set_override(
            'connection', wrong.render_as_string(hide_password=False), 'database'
        )
        answer = service.member.get('/v1/instances')
        self.assertEqual(503, answer.status, answer)
        self.assertEqual('DatabaseUnavailable', answer.body['error_name'])
        self.assertNotIn('nobody', answer.raw.decode())
        self.assertIn(self.reason, log.output)
        engine.dispose()
        CONF.set_override('connection', service.database.url, 'database')
        self.assertEqual(200, service.member.get('/v1/instances').status)


class MysqlTest(DatabaseLoginMixin, testtools.TestCase):
    backend = 'mysql'
    reason = 'Access denied'


class PostgresqlTest(DatabaseLoginMixin, testtools.TestCase):
    backend = 'postgresql'
    reason = 'role "mogan_like_nobody" does not exist'
