"""Which reservation is meant by a lease."""

import types
from unittest import mock

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions
import testtools

from mogan_like_client.osc import nouns

_UUID = 'b8a5b6f0-6f0e-4f0b-9a3c-0d6f7c1f2e11'


class ReservedTest(testtools.TestCase):
    def find(self, text, *held, **client):
        """What is meant, where a lease has reservations of types.

        :param client: how its methods end, as of mock
        """
        held = [
            {'id': f'r-{number}', 'resource_type': kind}
            for number, kind in enumerate(held)
        ]
        lease = types.SimpleNamespace(reservations=held)
        client = mock.Mock(**client)
        client.get_lease.return_value = client.find_lease.return_value = lease
        return nouns.find_reservation_id(client, text)

    def test_the_only_one(self):
        self.assertEqual('r-0', self.find('l', 'virtual:instance'))
        self.assertEqual('r-0', self.find(_UUID, 'physical:host'))

    def test_the_only_one_of_hosts(self):
        self.assertEqual('r-1', self.find('l', 'dummy', 'physical:host', 'dummy'))

    def test_several(self):
        for held in (('physical:host',) * 2, ('dummy', 'dummy')):
            with self.assertRaises(exceptions.CommandError) as caught:
                self.find('l', *held)
            self.assertEqual(
                'Lease l has 2 reservations: say which by its ID, '
                f'r-0 ({held[0]}), r-1 ({held[1]}).',
                str(caught.exception),
            )

    def test_an_id_of_no_lease(self):
        gone = {'get_lease.side_effect': sdk_exceptions.NotFoundException('no lease')}
        self.assertEqual(_UUID, self.find(_UUID, **gone))

    def test_no_such_lease(self):
        gone = {'find_lease.side_effect': sdk_exceptions.NotFoundException('no lease')}
        with self.assertRaises(sdk_exceptions.NotFoundException):
            self.find('l', **gone)
