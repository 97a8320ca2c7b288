"""The audit of a verb that is tried for ever stays readable."""

import contextlib

from sqlalchemy import event

from mogan_like.actions import recorder
from mogan_like.db import engine
from tests.fixtures import wait_until
from tests.functional.instances import instances_case

_MOST = 10


class BoundedTest(instances_case.InstancesCase):
    options = {
        'actions__max_events': _MOST,
        'fake__fail_steps': ['delete.wipe'],
        # One try is enough here.
        'conductor__retry_delay': 3600,
        'conductor__retry_delay_max': 3600,
    }

    def setUp(self):
        super().setUp()
        self.uuid = self.service.make_instance()
        answer = self.member.delete(f'/v1/instances/{self.uuid}')
        self.request = answer.headers['x-openstack-request-id']
        self.path = f'/v1/instances/{self.uuid}/actions/{self.request}'
        wait_until(self.is_tried, 'the delete to fail')

    def is_tried(self):
        return [one['result'] for one in self.list_events(self.admin)][1:] == ['error']

    def list_events(self, client):
        return client.get(self.path).body['events']

    def test_delete_that_never_succeeds(self):
        """Tries without end, of which the first and the last are told."""
        action = self.admin.get(self.path).body['id']
        for _ in range(2 * _MOST):
            with (
                contextlib.suppress(RuntimeError),
                recorder.step(action, 'delete.wipe', cancelled_by=KeyError),
            ):
                raise RuntimeError('at a line that is not for members')
        for client in (self.member, self.admin):
            events = self.list_events(client)
            self.assertEqual(_MOST, len(events))
            self.assertEqual('delete.power_off', events[0]['event'])
            (omitted,) = [one for one in events if one['event'] == 'omitted']
            count = 2 * _MOST + 2 - (_MOST - 1)
            self.assertIn(f'{count} more', omitted['message'])
            self.assertIsNone(omitted['result'])
            self.assertLess(omitted['started_at'], omitted['finished_at'])
            self.assertEqual('error', events[-1]['result'])

    def test_traceback_is_read_for_who_may_see_it(self):
        read = []

        def note(_conn, _cursor, statement, *_args):
            if 'action_events' in statement:
                read.append('traceback' in statement)

        with engine.reader() as conn:
            bind = conn.engine
        event.listen(bind, 'before_cursor_execute', note)
        self.addCleanup(event.remove, bind, 'before_cursor_execute', note)
        paths = (self.path, f'/v1/instances/{self.uuid}/actions?events=true')
        for client, may in ((self.member, False), (self.admin, True)):
            for path in paths:
                read.clear()
                self.assertEqual(200, client.get(path).status)
                self.assertEqual([may], read)
