"""A database and a broker that go away in the middle of a hundred ends."""

from mogan_like.common import clock
from tests.fixtures import wait_until
from tests.integration.processes import test_away
from tests.integration.processes import test_leases
from tests.processes import lease_plugin
from tests.processes import site
from tests.processes import site_case
from tests.services import RABBIT

_LEASES = 100
_OPTIONS = {
    # A thread for each lease: of each plugin, whichever there are.
    'leases__workers': 1000,
    'quota__leases': _LEASES,
    # Calls are counted: a hundred renewals are in time on any machine.
    'conductor__claim_ttl': 10,
}


class _LeasesAwayCase(test_leases.LeaseCase, test_away.AwayCase):
    """Ends that are being called while something is away."""

    def prepare(self, **options):
        """A site whose conductors have the plugin."""
        self.plugin = self.useFixture(lease_plugin.GatedPlugin())
        self.plugin.open('on_start')
        self.site = self.make_site(**_OPTIONS, **options)

    def make_site(self, database, **options):
        """As of SiteCase, with the plugin."""
        site_case.require_servers(self, database, 'rabbit')
        made = site.Site(self, database, **options)
        made.environment = self.plugin.environment
        return self.useFixture(made)

    def begin_ends(self):
        """A hundred leases, all in the call of on_end; their ids."""
        leases = [self.make() for _ in range(_LEASES)]
        for lease in leases:
            self.wait_until('ACTIVE', lease)
            self.end(lease)
        for lease in leases:
            self.wait_for_calls('on_end', lease)
        return leases

    def check_ends(self, leases, calls=1):
        """All ended, and once; on_end was called so often for each."""
        for lease in leases:
            self.wait_until('TERMINATED', lease)
            self.assertEqual(calls, len(self.plugin.list_calls('on_end', lease)))
            self.assertEqual(
                [('create', 'success'), ('start', 'success'), ('end', 'success')],
                self.list_actions(lease),
            )
        self.assertEqual([], self.site.fetch(_DUE))
        (used,) = self.site.fetch(_USED)
        self.assertEqual(0, used.used)


_DUE = "SELECT id FROM due_work WHERE kind LIKE 'lease/%'"
_USED = "SELECT used FROM quota_usages WHERE resource = 'leases'"
_HELD = f'{_DUE} AND owner IS NOT NULL AND until > :now'


class DatabaseAwayMixin:
    """The conductor at work loses its database."""

    database: str

    def test_for_longer_than_a_claim_holds(self):
        self.prepare(database=self.database)
        self.site.stop_conductor()
        way, url = self.make_gate(self.site.database.url)
        behind = self.start_behind(database__connection=url)
        leases = self.begin_ends()
        way.shut()
        self.plugin.open('on_end')
        behind.wait_for_output('cannot be written down')
        wait_until(
            lambda: not self.site.fetch(_HELD, now=clock.utcnow()),
            'all claims to have run out',
            60,
        )
        self.assertEqual(
            {'TERMINATING'}, {self.show(each)['status'] for each in leases}
        )
        way.open()
        self.check_ends(leases)


class MariadbAwayTest(DatabaseAwayMixin, _LeasesAwayCase):
    database = 'mysql'


class PostgresqlAwayTest(DatabaseAwayMixin, _LeasesAwayCase):
    database = 'postgresql'


class BrokerAwayTest(_LeasesAwayCase):
    def test_ends_go_on(self):
        way, url = self.make_gate(RABBIT)
        self.prepare(database='mysql', transport_url=url, api__rpc_timeout=3)
        leases = self.begin_ends()
        way.shut()
        self.plugin.open('on_end')
        self.check_ends(leases)
        way.open()
        # The broker is used again, and so is the conductor.
        wait_until(lambda: self.site.member.get('/v1/plugins').status == 200, 'it', 60)
        self.wait_until('ACTIVE', self.make())


class TakenOverTest(_LeasesAwayCase):
    """One conductor loses the database, and another one has it."""

    def test_what_is_called_again_ends_once(self):
        self.prepare(database='mysql')
        self.site.stop_conductor()
        way, url = self.make_gate(self.site.database.url)
        behind = self.start_behind(database__connection=url)
        leases = self.begin_ends()
        way.shut()
        self.site.start_conductor()
        for lease in leases:
            self.assertEqual(2, len(set(self.wait_for_calls('on_end', lease, 2))))
        self.plugin.open('on_end')
        self.check_ends(leases, calls=2)
        way.open()
        # What it had called and could not write down is not written any more.
        for lease in leases:
            behind.wait_for_output(f'Lease {lease} is no longer ours')
        self.check_ends(leases, calls=2)
