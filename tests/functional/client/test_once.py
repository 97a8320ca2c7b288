"""What is made is made once, though the answer to it was lost."""

import fixtures as base

from tests import fixtures
from tests.functional import clients
from tests.functional.client import client_case
from tests.functional.protection import protection_case
from tests.functional.protection import site

_PROVIDER = {'provider_id': site.PROVIDER}
_RESERVATION = {'resource_type': 'dummy.vm.plugin'}


class OnceTest(
    client_case.CommandsMixin, clients.ClientsMixin, protection_case.ProtectionCase
):
    options = {'fake__nodes': 2}

    def setUp(self):
        super().setUp()
        # What is sent again is told.
        self.useFixture(base.FakeLogger())
        self.proxy = self.lose_answers()
        self.client = self.connect(
            client_case.ADMIN, baremetal_compute_connect_retry_delay=0.01
        ).baremetal_compute

    def make(self, noun, *args, several=None, query=None, **values):
        """What was made, once, when the first answer was lost.

        :param several: the library's list, if it is not called after the noun
        :param query: of that list
        """
        self.proxy.keys.clear()
        self.proxy.lost['POST'] = 1
        made = getattr(self.client, f'create_{noun}')(*args, **values)
        listed = getattr(self.client, several or f'{noun}s')(**(query or {}))
        self.assertEqual([made.id], [each.id for each in listed], noun)
        first, second = self.proxy.keys
        self.assertEqual(first, second)
        return made

    def test_machines(self):
        self.service.wait_for_nodes(2)
        flavor = self.make('flavor', name='small', resource_class='baremetal')
        self.make('keypair', name='mine')
        image = fixtures.IMAGE
        self.make('instance', name='web', flavor_uuid=flavor.id, image_uuid=image)
        nodes = {each.instance_uuid: each.name for each in self.client.nodes()}
        self.make('host', nodes[None])
        dates = {'start_date': '2098-01-01 00:00', 'end_date': '2099-01-01 00:00'}
        self.make('lease', name='l', reservations=[_RESERVATION], **dates)

    def test_protection(self):
        resource = {'id': self.make_share(), 'type': site.SHARE, 'name': 'data'}
        parameters = {site.SHARE: protection_case.OPTIONS}
        values = {'resources': [resource], 'parameters': parameters, **_PROVIDER}
        plan = self.make('plan', name='nightly', **values)
        checkpoint = self.make(
            'checkpoint', plan_id=plan.id, query=_PROVIDER, **_PROVIDER
        )
        self.client.wait_for_checkpoint(checkpoint)
        for noun in ('restore', 'verification'):
            self.make(noun, checkpoint_id=checkpoint.id, **_PROVIDER)
        when = {'pattern': '0 2 * * *', 'format': 'crontab'}
        trigger = self.make('trigger', name='at-two', type='time', properties=when)
        self.make(
            'scheduled_operation',
            name='nightly',
            operation_type='protect',
            trigger_id=trigger.id,
            operation_definition={'plan_id': plan.id, **_PROVIDER},
        )
