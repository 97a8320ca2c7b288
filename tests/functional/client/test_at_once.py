"""Commands that change one object at the same time."""

from osc_lib import exceptions

from mogan_like_client.osc import instance
from mogan_like_client.osc import inventory
from tests.functional.client import client_case
from tests.functional.client import test_library
from tests.unit.client import commands


class AtOnceTest(test_library.LibraryCase):
    def run_between(self, kind, client, read, change):
        """Run a command; somebody else makes a change as soon as it has read."""
        method = getattr(client, read)

        def read_and_change(*args):
            found = method(*args)
            change()
            return found

        setattr(client, read, read_and_change)
        words = ('x', '--property', 'mine=1')
        with self.assertRaises(exceptions.CommandError) as caught:
            commands.run(kind, commands.make_app(client), *words)
        setattr(client, read, method)
        told = 'It is done, and somebody else made a change at the same time'
        self.assertIn(told, str(caught.exception))
        # Alone it says nothing.
        commands.run(kind, commands.make_app(client), *words)

    def test_of_an_instance(self):
        made = self.client.wait_for_instance(self.create('x'))
        other = self.connect().baremetal_compute

        def change():
            other.update_instance(made.id, metadata={'theirs': '1'})

        self.run_between(instance.SetInstance, self.client, 'get_instance', change)

    def test_of_a_flavor(self):
        made = self.service.make_flavor(name='x')
        admin = self.connect(client_case.ADMIN).baremetal_compute

        def change():
            other = self.connect(client_case.ADMIN).baremetal_compute
            other.update_flavor(made, properties={'theirs': '1'})

        self.run_between(inventory.SetFlavor, admin, 'get_flavor', change)
