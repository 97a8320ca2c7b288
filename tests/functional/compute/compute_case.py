"""Base of tests of Nova's routes."""

from tests import keys
from tests.functional.instances import instances_case

ROOT = '/v2.1'
SERVERS = f'{ROOT}/servers'
#: A public key, of nobody.
KEY = keys.PUBLIC


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
        """The answer is this error; its message. Its form is looked at by faults."""
        self.assertEqual((status, [name]), (answer.status, [*answer.body]), answer)
        if message is not None:
            self.assertEqual(message, answer.body[name]['message'])
        return answer.body[name]['message']
