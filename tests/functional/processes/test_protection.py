"""A conductor killed -9 while Manila is at what it asked for."""

from tests import fixtures
from tests import personas
from tests.functional.processes import site as sites
from tests.functional.processes import site_case
from tests.functional.protection import protection_case
from tests.functional.protection import site as protection_site

_CHECKPOINTS = protection_case.ProtectionCase.checkpoints


class KilledTest(site_case.SiteCase):
    def setUp(self):
        super().setUp()
        site_case.require_servers(self, 'mysql', 'rabbit')
        protected = self.useFixture(protection_site.Site())
        self.manila = protected.manila
        self.service = self.useFixture(
            sites.Site(
                self,
                'mysql',
                fake__nodes=0,
                # What Manila was asked for is counted.
                conductor__claim_ttl=600,
                **protected.options,
            )
        )
        self.member = self.service.member
        self.share = protected.make_share(personas.PROJECT)

    def test_in_protect_restore_and_delete(self):
        checkpoint = self._protect()
        self._restore(checkpoint)
        self._delete(checkpoint)
        for operation_log in self.member.get('/v1/operation_logs').body[
            'operation_logs'
        ]:
            self.assertEqual('success', operation_log['status'], operation_log)
        self.assertEqual(
            {'snapshots.create': 1, 'shares.create': 2, 'snapshots.delete': 1},
            {
                call: self.manila.list_calls().count(call)
                for call in ('snapshots.create', 'shares.create', 'snapshots.delete')
            },
        )

    def _protect(self):
        plan = self._ask('/v1/plans', 'plan', self._describe_plan())
        self.manila.switches.stay('snapshot.creating')
        made = self._ask(_CHECKPOINTS, 'checkpoint', {'plan_id': plan['id']})
        self._kill_after('snapshots.create', 'snapshot', 'available')
        path = f'{_CHECKPOINTS}/{made["id"]}'
        self._wait_for(path, 'checkpoint', 'available')
        return made['id']

    def _restore(self, checkpoint):
        self.manila.switches.stay('share.creating_from_snapshot')
        values = {'provider_id': protection_site.PROVIDER, 'checkpoint_id': checkpoint}
        made = self._ask('/v1/restores', 'restore', values)
        self._kill_after('shares.create', 'share', 'available', calls=2)
        self._wait_for(f'/v1/restores/{made["id"]}', 'restore', 'success')

    def _delete(self, checkpoint):
        self.manila.switches.stay('snapshot.deleting')
        path = f'{_CHECKPOINTS}/{checkpoint}'
        self.assertEqual(200, self.member.delete(path).status)
        self._kill_after('snapshots.delete', 'snapshot', None)
        fixtures.wait_until(
            lambda: self.member.get(path).status == 404, 'the checkpoint to go', 60
        )
        self.assertEqual({}, self.manila.state.snapshots)

    def _describe_plan(self):
        return {
            'name': 'plan',
            'provider_id': protection_site.PROVIDER,
            'resources': [
                {'id': self.share, 'type': protection_site.SHARE, 'name': 'data'}
            ],
            'parameters': {protection_site.SHARE: protection_case.OPTIONS},
        }

    def _ask(self, path, key, values):
        answer = self.member.post(path, {key: values})
        self.assertEqual(200, answer.status, answer)
        return answer.body[key]

    def _kill_after(self, call, noun, status, calls=1):
        """Kill the conductor once Manila was asked, and start another one.

        :param status: that Manila comes to meanwhile; None for gone
        """
        fixtures.wait_until(
            lambda: self.manila.list_calls().count(call) == calls, call, 60
        )
        self.service.stop_conductor()
        self.service.expire_claims()
        self.manila.switches.clear()
        with self.manila.state.lock:
            *_, last = getattr(self.manila.state, f'{noun}s')
        if status is None:
            self.manila.forget(noun, last)
        else:
            self.manila.set_status(noun, last, status)
        self.service.start_conductor()

    def _wait_for(self, path, key, status):
        fixtures.wait_until(
            lambda: self.member.get(path).body[key]['status'] == status,
            f'{path} to be {status}',
            60,
        )
