"""Every route of /v1 that a person needs has a method of the library."""

import re

import testtools

from mogan_like.api import root
from tests.unit.client import methods
from tests.unit.client import recorder

#: {route: why no method asks for it}
_LEFT_OUT = {
    'GET v1': 'openstacksdk asks for it by itself',
    'GET v1/instances': 'the list in full is asked for',
    'GET v1/instances/{uuid}/states': 'all of it is in the instance',
    'GET v1/quotas/{project_id}': 'its detail has the same limits',
    'GET v1/quota_classes/{class_name}': 'these are the defaults of every project',
    'GET v1/os-hosts/{host_id}/allocation': 'the list of hosts has it',
}


def _list_routes():
    """``METHOD path`` of /v1, with a pattern of the paths it takes."""
    for mount, controller in root.make_mounts().items():
        for path, verbs in controller.routes.items():
            whole = '/'.join(filter(None, (mount, path)))
            if whole != 'v1' and not whole.startswith('v1/'):
                continue
            pattern = re.sub(r'\{\w+\}', '[^/]+', whole.removeprefix('v1').strip('/'))
            for method in verbs:
                yield f'{method} {whole}', method, pattern


class RoutesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = recorder.Recorder()
        for name, method in methods.list_methods():
            methods.call(self.client, name, method)

    def find_route(self, asked, routes):
        """The route of a request, a literal before a parameter."""
        method, path = asked
        found = [
            (pattern.count('[^/]+'), route)
            for route, verb, pattern in routes
            if verb == method and re.fullmatch(pattern, path)
        ]
        return min(found, default=(0, None))[1]

    def test_every_route_is_asked_for_or_left_out_for_a_reason(self):
        routes = list(_list_routes())
        used = {self.find_route(asked, routes) for asked in self.client.requests}
        self.assertNotIn(None, used, 'there is no such route')
        left_out = {route for route, *_ in routes} - used
        self.assertEqual(set(_LEFT_OUT), left_out)
