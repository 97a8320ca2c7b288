"""An id or a name is one part of a path, whatever is in it."""

from openstack import exceptions
import testtools

from tests.unit.client import recorder

_NAME = 'a#b?c%d/e f'
_QUOTED = 'a%23b%3Fc%25d%2Fe%20f'


class PathsTest(testtools.TestCase):
    def ask(self, method, *args, **kwargs):
        """The path that a method of the library asks for."""
        client = recorder.Recorder()
        answer = getattr(client, method)(*args, **kwargs)
        if hasattr(answer, '__next__'):
            list(answer)
        _method, path = client.requests[-1]
        return path

    def test_of_keypairs(self):
        path = f'keypairs/{_QUOTED}'
        self.assertEqual(path, self.ask('get_keypair', _NAME))
        self.assertEqual(path, self.ask('delete_keypair', _NAME))

    def test_of_what_is_below_something(self):
        path = self.ask('get_instance_action', _NAME, 'r#1')
        self.assertEqual(f'instances/{_QUOTED}/actions/r%231', path)
        path = self.ask('instance_actions', _NAME)
        self.assertEqual(f'instances/{_QUOTED}/actions', path)
        path = self.ask('get_protectable', 'OS::X', _NAME)
        self.assertEqual(f'protectables/OS%3A%3AX/instances/{_QUOTED}', path)
        self.assertEqual(
            f'protectables/{_QUOTED}/instances', self.ask('protectables', _NAME)
        )

    def test_of_what_is_done(self):
        path = self.ask('lock_instance', _NAME)
        self.assertEqual(f'instances/{_QUOTED}/states/lock', path)
        self.assertEqual(f'leases/{_QUOTED}/action', self.ask('retry_lease', _NAME))
        path = self.ask('reset_checkpoint', _NAME, 'error', provider_id='p?')
        self.assertEqual(f'providers/p%3F/checkpoints/{_QUOTED}', path)
        path = self.ask('copy_checkpoints', 'plan', _NAME)
        self.assertEqual(f'providers/{_QUOTED}/checkpoints/action', path)

    def test_of_what_is_changed(self):
        path = self.ask('update_host_property', _NAME, private=True)
        self.assertEqual(f'os-hosts/properties/{_QUOTED}', path)
        self.assertEqual(f'quotas/{_QUOTED}', self.ask('update_quota', _NAME, {}))
        self.assertEqual(f'quotas/{_QUOTED}/detail', self.ask('get_quota', _NAME))
        path = self.ask('get_protectable_type', _NAME)
        self.assertEqual(f'protectables/{_QUOTED}', path)

    def test_what_is_no_part_of_a_path_is_not_found(self):
        # Whatever a dot is written as, HTTP clients leave it out, and what is above
        # is meant.
        for name in ('.', '..', ''):
            for method, *args in (
                ('get_instance', name),
                ('get_instance_action', 'db-1', name),
                ('get_instance_action', name, 'r'),
                ('get_keypair', name),
                ('delete_keypair', name),
                ('lock_instance', name),
                ('get_quota', name),
                ('update_quota', name, {}),
                ('delete_quota', name),
                ('get_protectable_type', name),
                ('get_protectable', 'OS::X', name),
                ('protectables', name),
                ('update_host', name, {}),
                ('end_lease', name),
            ):
                with testtools.ExpectedException(exceptions.NotFoundException):
                    self.ask(method, *args)

    def test_what_is_in_no_path_may_be_called_so(self):
        self.assertEqual('instances/detail', self.ask('instances', name='..'))
        self.assertEqual('os-hosts', self.ask('create_host', '..'))
