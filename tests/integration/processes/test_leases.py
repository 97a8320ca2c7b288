"""Leases outlive conductors that die, and plugins that hang."""

import urllib.request

import orjson
import testtools

from tests import fixtures
from tests.processes import embedded
from tests.processes import lease_plugin
from tests.processes import site
from tests.processes import site_case

_BODY = {
    'name': 'lease',
    'start_date': 'now',
    'end_date': '2099-01-01 00:00',
    'reservations': [{'resource_type': lease_plugin.NAME}],
    'events': [],
}


class LeaseCase(testtools.TestCase):
    def start(self, make_site, timeout=600, **options):
        """A site whose conductors have the plugin."""
        site_case.require_servers(self, 'mysql', 'rabbit')
        self.plugin = self.useFixture(lease_plugin.GatedPlugin(timeout))
        made = make_site(self, **options)
        made.environment = self.plugin.environment
        self.site = self.useFixture(made)

    def make(self):
        """A lease whose start is due; its id."""
        answer = self.site.member.post('/v1/leases', _BODY)
        self.assertEqual(201, answer.status, answer)
        return answer.body['lease']['id']

    def end(self, lease):
        answer = self.site.member.put(f'/v1/leases/{lease}', {'end_date': 'now'})
        self.assertEqual(200, answer.status, answer)

    def show(self, lease):
        return self.site.admin.get(f'/v1/leases/{lease}').body['lease']

    def wait_until(self, status, lease):
        fixtures.wait_until(
            lambda: self.show(lease)['status'] == status, f'{lease} to be {status}', 60
        )

    def wait_for_calls(self, verb, lease, count=1):
        return fixtures.wait_until(
            lambda: (
                len(calls := self.plugin.list_calls(verb, lease)) >= count and calls
            ),
            f'{count} calls of {verb}',
            60,
        )

    def list_actions(self, lease):
        path = f'/v1/leases/{lease}/actions?sort_dir=asc'
        actions = self.site.admin.get(path).body['actions']
        return [(each['action'], each['result']) for each in actions]


class KilledTest(LeaseCase):
    """A conductor is killed in a call, and another goes on."""

    def setUp(self):
        super().setUp()
        # Calls are counted: nobody loses a claim but by being killed.
        self.start(
            lambda test, **options: site.Site(test, 'mysql', **options),
            conductor__claim_ttl=600,
        )

    def test_in_a_start_and_in_an_end(self):
        lease = self.make()
        (first,) = self.wait_for_calls('on_start', lease)
        self.site.stop_conductor()
        self.site.expire_claims()
        self.site.start_conductor()
        *_, second = self.wait_for_calls('on_start', lease, 2)
        self.assertNotEqual(first, second)
        self.plugin.open('on_start')
        self.wait_until('ACTIVE', lease)
        self.end(lease)
        self.wait_for_calls('on_end', lease)
        self.site.stop_conductor()
        self.site.expire_claims()
        self.plugin.open('on_end')
        self.site.start_conductor()
        self.wait_until('TERMINATED', lease)
        self.assertEqual(2, len(self.plugin.list_calls('on_end', lease)))
        self.assertEqual(
            [('create', 'success'), ('start', 'success'), ('end', 'success')],
            self.list_actions(lease),
        )


class HungTest(LeaseCase):
    """All threads of a plugin hang."""

    options = {'leases__workers': 1, 'conductor__retry_delay': 1}

    def test_conductor_ends_with_a_failure_and_is_started_again(self):
        self.start(
            lambda test, **options: site.Site(test, 'mysql', **options),
            timeout=1,
            **self.options,
        )
        lease = self.make()
        (first,) = self.wait_for_calls('on_start', lease)
        self.site.conductor.wait_for_output('exited with status 1')
        self.plugin.open('on_start')
        self.wait_until('ACTIVE', lease)
        *_, last = self.plugin.list_calls('on_start', lease)
        self.assertNotEqual(first, last)

    def test_the_one_process_ends_with_a_failure(self):
        self.start(embedded.Embedded, timeout=1, **self.options)
        request = urllib.request.Request(
            f'{self.site.url}/v1/leases',
            orjson.dumps(_BODY),
            {'Content-Type': 'application/json'},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            self.assertEqual(201, answer.status)
        self.assertEqual(1, self.site.conductor.wait())
