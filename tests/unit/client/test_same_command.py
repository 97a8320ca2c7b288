"""A command that makes something is typed again with the key it had."""

from unittest import mock

import testtools

from mogan_like_client.osc import checkpoint
from mogan_like_client.osc import host
from mogan_like_client.osc import instance
from mogan_like_client.osc import inventory
from mogan_like_client.osc import lease
from mogan_like_client.osc import plan
from mogan_like_client.osc import run
from mogan_like_client.osc import schedule
from tests.unit.client import commands

#: (command, method of the library, words) of each that makes something.
_MAKES = (
    (checkpoint.CreateCheckpoint, 'create_checkpoint', 'p'),
    (run.CreateRestore, 'create_restore', '--provider p c'),
    (run.CreateVerification, 'create_verification', '--provider p c'),
    (host.CreateHost, 'create_host', 'h'),
    (instance.CreateInstance, 'create_instance', 'web --flavor f --image i'),
    (inventory.CreateFlavor, 'create_flavor', 'f --resource-class c'),
    (inventory.CreateKeypair, 'create_keypair', 'k'),
    (lease.CreateLease, 'create_lease', 'l --end 2099-01-01 --resource any'),
    (plan.CreatePlan, 'create_plan', 'p --provider p --resource t=r'),
    (schedule.CreateTrigger, 'create_trigger', 't --crontab 0'),
    (schedule.CreateSchedule, 'create_scheduled_operation', 's --plan p --trigger t'),
)


class SameCommandTest(testtools.TestCase):
    def make(self, kind, method, words):
        """The key under which a command makes something."""
        client = mock.MagicMock()
        plugin = mock.Mock(resource_type='any', schema={})
        client.lease_resource_types.return_value = [plugin]
        made = getattr(client, method)
        # What is printed of it does not matter here.
        made.side_effect = KeyboardInterrupt
        with testtools.ExpectedException(KeyboardInterrupt):
            commands.run(kind, commands.make_app(client), *words.split())
        return made.call_args.kwargs.get('idempotency_key')

    def test_its_key(self):
        for kind, method, words in _MAKES:
            self.assertIsNone(self.make(kind, method, words), method)
            words += ' --idempotency-key mine'
            self.assertEqual('mine', self.make(kind, method, words), method)
