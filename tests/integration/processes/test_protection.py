"""A conductor killed -9 in the middle of protecting: another one goes on."""

from pathlib import Path

import fixtures as base

from mogan_like.protection import banking
from mogan_like.protection.banks import filesystem
from tests import fixtures
from tests import personas
from tests.functional.protection import protection_case
from tests.functional.protection import site as protection_site
from tests.processes import gated_bank
from tests.processes import processes
from tests.processes import site as sites
from tests.processes import site_case

_CHECKPOINTS = protection_case.ProtectionCase.checkpoints
#: What nothing may be in when everybody has ended.
_UNENDED = {
    'checkpoints': "deleted = 0 AND (status NOT IN ('available', 'error')"
    ' OR banked = 0 OR restoring <> 0)',
    'checkpoint_runs': "status = 'in_progress'",
    'operation_logs': "status = 'in_progress'",
    'actions': 'finished_at IS NULL',
    'action_events': 'finished_at IS NULL',
    'due_work': "kind IN ('checkpoint', 'restore', 'verify')",
}


class KilledCase(site_case.SiteCase):
    """A share, a plan and a conductor that is killed.

    :cvar environment: more of the conductors'
    :ivar manila: the emulator
    :ivar bank_path: where the provider records checkpoints
    """

    bank = 'filesystem'
    environment: dict = {}

    def setUp(self):
        super().setUp()
        site_case.require_servers(self, 'mysql', 'rabbit')
        protected = self.useFixture(protection_site.Site())
        self.manila = protected.manila
        self.bank_path = self.useFixture(base.TempDir()).path
        protection_site.write_provider(
            Path(protected.options['protection__providers_dir']),
            protection_site.PROVIDER,
            'shares',
            self.bank_path,
            self.bank,
        )
        self.service = sites.Site(
            self,
            'mysql',
            fake__nodes=0,
            # What Manila was asked for is counted.
            conductor__claim_ttl=600,
            **protected.options,
        )
        self.service.environment = self.environment
        self.useFixture(self.service)
        # A call that comes before is lost, and answered when its time is over.
        self.service.wait_for_conductor(self.service.conductor)
        self.member = self.service.member
        self.share = protected.make_share(personas.PROJECT, share_type='revertible')
        plan = {
            'name': 'plan',
            'provider_id': protection_site.PROVIDER,
            'resources': [
                {'id': self.share, 'type': protection_site.SHARE, 'name': 'data'}
            ],
            'parameters': {protection_site.SHARE: protection_case.OPTIONS},
        }
        self.plan = self.ask('/v1/plans', 'plan', plan)['id']

    def ask(self, path, key, values):
        """What was begun."""
        answer = self.member.post(path, {key: values})
        self.assertEqual(200, answer.status, answer)
        return answer.body[key]

    def begin_protect(self):
        """The id of a new checkpoint."""
        return self.ask(_CHECKPOINTS, 'checkpoint', {'plan_id': self.plan})['id']

    def begin(self, noun, checkpoint, **parameters):
        """The id of a new ``restore`` or ``verification``."""
        values = {
            'provider_id': protection_site.PROVIDER,
            'checkpoint_id': checkpoint,
            'parameters': {protection_site.SHARE: parameters} if parameters else {},
        }
        return self.ask(f'/v1/{noun}s', noun, values)['id']

    def begin_delete(self, checkpoint):
        """Begin to delete a checkpoint."""
        answer = self.member.delete(f'{_CHECKPOINTS}/{checkpoint}')
        self.assertEqual(200, answer.status, answer)

    def count(self, call):
        """How often Manila was asked for something."""
        return self.manila.list_calls().count(call)

    def wait_for_call(self, call, times=1):
        """Wait until Manila was asked for something so often."""
        self.wait_until(lambda: self.count(call) >= times, f'{times} {call}')

    def kill(self):
        """Kill the conductor; it holds its claims no longer."""
        self.service.stop_conductor()
        self.service.expire_claims()

    def wait_for_checkpoint(self, checkpoint):
        """Wait until it is available."""
        self._wait_for(f'{_CHECKPOINTS}/{checkpoint}', 'checkpoint', 'available')

    def wait_for_run(self, noun, run):
        """Wait until a restore or verification is a success."""
        self._wait_for(f'/v1/{noun}s/{run}', noun, 'success')

    def wait_until_gone(self, checkpoint):
        """Wait until a checkpoint is deleted."""
        path = f'{_CHECKPOINTS}/{checkpoint}'
        self.wait_until(lambda: self.member.get(path).status == 404, f'{path} to go')

    @staticmethod
    def wait_until(true, what):
        """As wait_until, with the patience that processes need."""
        return fixtures.wait_until(true, what, processes.PATIENCE)

    def _wait_for(self, path, key, status):
        self.wait_until(
            lambda: self.member.get(path).body[key]['status'] == status,
            f'{path} to be {status}',
        )

    def assert_all_has_ended(self, **calls):
        """Nothing is on its way, all went well, and Manila was asked so often."""
        for table, condition in _UNENDED.items():
            rows = self.service.fetch(f'SELECT * FROM {table} WHERE {condition}')
            self.assertEqual([], rows, table)
        logs = self.member.get('/v1/operation_logs').body['operation_logs']
        self.assertEqual({'success'}, {each['status'] for each in logs}, logs)
        wanted = {name.replace('_', '.'): times for name, times in calls.items()}
        self.assertEqual(wanted, {call: self.count(call) for call in wanted})
        self.assertEqual([self.share], sorted(self.manila.state.shares))


class KilledTest(KilledCase):
    def test_in_protect_restore_and_delete(self):
        self.manila.switches.stay('snapshot.creating')
        checkpoint = self.begin_protect()
        self._kill_after('snapshots.create', 'snapshot', 'available')
        self.wait_for_checkpoint(checkpoint)
        self.manila.switches.stay('share.creating_from_snapshot')
        restore = self.begin('restore', checkpoint)
        self._kill_after('shares.create', 'share', 'available', calls=2)
        self.wait_for_run('restore', restore)
        with self.manila.state.lock:
            *_, made = self.manila.state.shares
        self.manila.forget('share', made)
        self.manila.switches.stay('snapshot.deleting')
        self.begin_delete(checkpoint)
        self._kill_after('snapshots.delete', 'snapshot', None)
        self.wait_until_gone(checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)
        self.assert_all_has_ended(
            snapshots_create=1, shares_create=2, snapshots_delete=1
        )

    def _kill_after(self, call, noun, status, calls=1):
        """Kill the conductor once Manila was asked, and start another one.

        :param status: that Manila comes to meanwhile; None for gone
        """
        self.wait_for_call(call, calls)
        self.kill()
        self.manila.switches.clear()
        with self.manila.state.lock:
            *_, last = getattr(self.manila.state, f'{noun}s')
        if status is None:
            self.manila.forget(noun, last)
        else:
            self.manila.set_status(noun, last, status)
        self.service.start_conductor()

    def test_with_answers_of_manila(self):
        """What was made is known to Manila only."""
        checkpoint = self._lose('snapshots.create', self.begin_protect)
        self.wait_for_checkpoint(checkpoint)
        restore = self._lose(
            'shares.create', lambda: self.begin('restore', checkpoint), calls=2
        )
        self.wait_for_run('restore', restore)
        with self.manila.state.lock:
            *_, made = self.manila.state.shares
        self.manila.forget('share', made)
        self._lose('snapshots.delete', lambda: self.begin_delete(checkpoint))
        self.wait_until_gone(checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)
        self.assert_all_has_ended(snapshots_create=1, shares_create=2)

    def _lose(self, call, begin, calls=1):
        """Kill the conductor while Manila, who has done it, does not answer."""
        self.manila.switches.fault(call, 'hang', done=True, times=1)
        begun = begin()
        self.wait_for_call(call, calls)
        self.kill()
        self.service.start_conductor()
        return begun

    def test_in_verify(self):
        checkpoint = self._protect()
        (snapshot,) = self.manila.state.snapshots
        self.manila.set_status('snapshot', snapshot, 'restoring')
        looks = self.count('snapshots.get')
        verification = self.begin('verification', checkpoint)
        self.wait_for_call('snapshots.get', looks + 2)
        self.kill()
        self.service.start_conductor()
        self.wait_for_call('snapshots.get', self.count('snapshots.get') + 1)
        self.manila.set_status('snapshot', snapshot, 'available')
        self.wait_for_run('verification', verification)
        self._delete(checkpoint)
        self.assert_all_has_ended(snapshots_create=1, snapshots_delete=1)

    def test_in_the_request_for_a_revert(self):
        """The answer is lost with the conductor; Manila is still at it."""
        file, checkpoint = self._protect_file()
        self.manila.switches.stay('share.reverting')
        restore = self._lose_revert(checkpoint, done=True)
        self.kill()
        looks = self.count('shares.get')
        self.service.start_conductor()
        self.wait_for_call('shares.get', looks + 2)
        self.manila.switches.clear()
        self.wait_for_run('restore', restore)
        self.assertEqual(b'old', file.read_bytes())
        self._delete(checkpoint)
        self.assert_all_has_ended(
            snapshots_create=1, shares_create=1, shares_revert=1, snapshots_delete=1
        )

    def test_in_the_request_for_a_revert_that_nobody_knows_of(self):
        """Whether it was done or not, the user has gone on with the share."""
        file, checkpoint = self._protect_file()
        for number, done in enumerate((True, False), 1):
            with self.subTest(done=done):
                restore = self._lose_revert(checkpoint, done=done)
                self.kill()
                self.manila.settle()
                file.write_bytes(b'newer')
                self.service.start_conductor()
                self._wait_for(f'/v1/restores/{restore}', 'restore', 'fail')
                body = self.member.get(f'/v1/restores/{restore}').body['restore']
                self.assertIn('It may have done so', body['fault'])
                self.assertEqual(b'newer', file.read_bytes())
                self.assertEqual(number, self.count('shares.revert'))
        self._delete(checkpoint)

    def _protect_file(self):
        """A file in the share, changed after a checkpoint; and the id of that."""
        file = self.manila.find_directory(self.share) / 'file'
        file.write_bytes(b'old')
        checkpoint = self._protect()
        file.write_bytes(b'new')
        return file, checkpoint

    def _lose_revert(self, checkpoint, done):
        """The id of a restore in place to whose request there is no answer."""
        asked = self.count('shares.revert')
        self.manila.switches.fault('shares.revert', 'hang', done=done, times=1)
        restore = self.begin('restore', checkpoint, share_id=self.share)
        self.wait_for_call('shares.revert', asked + 1)
        return restore

    def test_while_a_share_is_reverted(self):
        file, checkpoint = self._protect_file()
        self.manila.switches.stay('share.reverting')
        restore = self.begin('restore', checkpoint, share_id=self.share)
        self.wait_for_call('shares.revert')
        self.wait_for_call('shares.get', self.count('shares.get') + 2)
        self.kill()
        self.manila.switches.clear()
        self.manila.settle()
        self.assertEqual(b'old', file.read_bytes())
        # Whose it is goes on with it: another revert would cost these bytes.
        file.write_bytes(b'newer')
        self.service.start_conductor()
        self.wait_for_run('restore', restore)
        self.assertEqual(b'newer', file.read_bytes())
        self._delete(checkpoint)
        self.assert_all_has_ended(
            snapshots_create=1, shares_create=1, shares_revert=1, snapshots_delete=1
        )

    def _protect(self):
        """The id of an available checkpoint."""
        checkpoint = self.begin_protect()
        self.wait_for_checkpoint(checkpoint)
        return checkpoint

    def _delete(self, checkpoint):
        self.begin_delete(checkpoint)
        self.wait_until_gone(checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)


class KilledInBankTest(KilledCase):
    """In the middle of a file that the bank is given."""

    bank = gated_bank.NAME

    def setUp(self):
        self.gate = self.useFixture(gated_bank.GatedBank())
        self.environment = self.gate.environment
        super().setUp()
        self.files = filesystem.FilesystemBank({'path': self.bank_path})

    def test_half_written(self):
        for number, part in enumerate(
            ('/metadata', 'index.json', 'by-date', 'by-plan', 'by-provider'), 1
        ):
            with self.subTest(part):
                self.gate.hold(part)
                checkpoint = self.begin_protect()
                self._kill_at_gate()
                self.wait_for_checkpoint(checkpoint)
                index, resources = banking.read(self.files, checkpoint)
                self.assertEqual('available', index['status'])
                ((status, metadata),) = resources
                self.assertEqual('available', status['status'])
                self.assertIn(metadata['snapshot_id'], self.manila.state.snapshots)
                self.assertEqual([checkpoint], self._list_banked(index['created_at']))
                self._delete_half(checkpoint)
                self.assert_all_has_ended(
                    snapshots_create=number, snapshots_delete=number
                )

    def _delete_half(self, checkpoint):
        self.gate.hold('index.json')
        self.begin_delete(checkpoint)
        self._kill_at_gate()
        self.wait_until_gone(checkpoint)
        self.assertEqual({}, self.manila.state.snapshots)
        index, resources = banking.read(self.files, checkpoint)
        self.assertEqual(('deleted', []), (index['status'], resources))
        self.assertEqual([], self._list_banked(index['created_at']))

    def _kill_at_gate(self):
        self.wait_until(self.gate.is_reached, 'the bank to be written to')
        self.kill()
        self.gate.let_go()
        # What is half written is nothing that anybody reads.
        for key in self.files.list(''):
            self.files.get(key)
        self.service.start_conductor()

    def _list_banked(self, date):
        """The ids that every index of the bank has, each the same."""
        found = [
            banking.list_page(
                self.files, protection_site.PROVIDER, personas.PROJECT, **which
            )[0]
            for which in ({}, {'plan': self.plan}, {'date': date})
        ]
        self.assertEqual(1, len({tuple(ids) for ids in found}), found)
        return found[0]
