"""Base of tests of Nova's routes."""

from tests.functional.instances import instances_case

ROOT = '/v2.1'
SERVERS = f'{ROOT}/servers'
#: A public key, of nobody.
KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKzWFyRUE2vDeSYoCEl/xdTGK/YzLMuhxlKDkBF5iuCb'
REQUEST_IDS = ('x-openstack-request-id', 'x-compute-request-id')


class ComputeCase(instances_case.InstancesCase):
    """A test that asks as clients of Nova do."""

    options = {'fake__nodes': 6}

    def read(self, path, version='latest', client=None, status=200):
        """The body of the answer to a GET."""
        answer = (client or self.member).get(f'{ROOT}{path}', version=version)
        self.assertEqual(status, answer.status, answer)
        return answer.body

    def names(self, query, **kwargs):
        """The names in a list of servers."""
        servers = self.read(f'/servers{query}', **kwargs)['servers']
        return [server['name'] for server in servers]

    def show(self, uuid, **kwargs):
        """A server."""
        return self.read(f'/servers/{uuid}', **kwargs)['server']

    def act(self, uuid, action, terms=None, client=None, version='latest'):
        """The answer to an action."""
        path = f'{SERVERS}/{uuid}/action'
        return (client or self.member).post(path, {action: terms}, version=version)

    def assert_fault(self, answer, status, name, message=None):
        """The answer is an error in Nova's form alone; its message."""
        self.assertEqual(status, answer.status, answer)
        self.assertEqual([name], list(answer.body))
        fault = answer.body[name]
        self.assertEqual({'code', 'message'}, set(fault))
        self.assertEqual(status, fault['code'])
        if message is not None:
            self.assertEqual(message, fault['message'])
        first, second = (answer.headers[each] for each in REQUEST_IDS)
        self.assertEqual(first, second)
        return fault['message']
