"""Base of tests that run Blazar's clients as they are released."""

import re

import orjson

from tests.functional import clients
from tests.functional.leases import leases_case

read_table = clients.read_table
read_properties = clients.read_properties


class ClientsCase(clients.ClientsMixin, leases_case.LeasesCase):
    """Blazar's clients, and three nodes."""

    options = {'fake__nodes': 3}
    endpoint = ('reservation', '/v1')

    def setUp(self):
        super().setUp()
        self.service.wait_for_nodes(3)

    def blazar(self, *words, **kwargs):
        """What ``blazar`` printed."""
        return self.run_command(['blazar', *words], **kwargs)

    def openstack(self, *words, **kwargs):
        """What ``openstack reservation`` printed, as JSON."""
        words = ['openstack', 'reservation', *words, '-f', 'json']
        printed = self.run_command(words, **kwargs)
        return orjson.loads(printed[re.search('^[{[]', printed, re.M).start() :])
