"""What is deleted once is told once."""

from openstack import exceptions
import testtools

from tests.unit.client import recorder


class DeletingTest(testtools.TestCase):
    def delete(self, **statuses):
        """Delete a keypair, where each method is answered by a status."""
        client = recorder.Recorder()
        client.answer = lambda method: recorder.make_answer(statuses[method], {})
        client.delete_keypair('x')
        return [method for method, _path in client.requests]

    def test_a_repeat_finds_none(self):
        self.assertEqual(['GET', 'DELETE'], self.delete(GET=200, DELETE=404))

    def test_what_there_is_not_is_told(self):
        with self.assertRaises(exceptions.NotFoundException):
            self.delete(GET=404, DELETE=404)
