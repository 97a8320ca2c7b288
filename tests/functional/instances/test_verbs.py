"""Every verb from every status: the state table is what happens."""

import orjson

from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.instances import rpcapi
from mogan_like.instances import states
from tests import personas
from tests.functional.instances import instances_case
from tests.functional.instances import verbs

#: Steps of all verbs but build go on until the test ends.
_ENDLESS = {'rebuild.write_image': 600, 'power.set_power': 600, 'delete.power_off': 600}


class VerbsTest(instances_case.InstancesCase):
    options = {
        'fake__nodes': 120,
        'fake__step_seconds': _ENDLESS,
        'quota__instances': -1,
        'conductor__graceful_shutdown_timeout': 0,
    }

    def test_every_verb_from_every_status(self):
        pairs = [(name, status) for name in verbs.VERBS for status in states.ALL]
        made = iter(self.insert_instances(len(pairs), with_machines=True))
        expected, got = {}, {}
        for name, status in pairs:
            uuid, verb = next(made), verbs.VERBS[name]
            self.put(uuid, status)
            code, title, after = verbs.judge(verb, status)
            expected[name, status] = code, title, after, self.expect_audit(verb, status)
            # An admin may do all: whatever is refused, is by the status.
            answer = verb.send(self.admin, uuid)
            got[name, status] = (
                answer.status,
                answer.body and answer.body.get('error_name'),
                self.row(uuid).status,
                self.audit(uuid),
            )
        self.assert_same(expected, got)

    @staticmethod
    def expect_audit(verb, status):
        """The rows that the verb leaves."""
        code, title, after = verbs.judge(verb, status)
        if code == 404:
            # The API sees that it is gone: the conductor is not asked.
            return []
        if title is not None:
            return [(verb.action, 'refused')]
        if after in states.BUSY and after != status:
            # Still going on.
            return [(verb.action, None)]
        return [(verb.action, 'success')]

    def test_every_verb_on_what_is_deleted_while_it_is_asked_for(self):
        """The API saw it a moment ago; the conductor says that it is gone."""
        (uuid,) = self.make_instances(1)
        self.put(uuid, states.DELETED)
        calls = {
            'lock': {'holder': 'admin'},
            'unlock': {'holder': 'admin'},
            'update': {'values': {'name': 'other'}},
            'power': {'target': 'off'},
            'rebuild': {},
            'delete': {},
        }
        for method, args in calls.items():
            ctx = context.RequestContext(user_id='u', project_id=personas.PROJECT)
            raised = self.assertRaises(
                exception.InstanceNotFound,
                rpcapi.INSTANCES.call,
                ctx,
                method,
                uuid=uuid,
                **args,
            )
            self.assertIn(uuid, str(raised))
        rows = self.rows(instances_case.ACTIONS, object_id=uuid)[1:]
        self.assertEqual(
            [
                (name, 'refused', personas.PROJECT)
                for name in (
                    'lock',
                    'unlock',
                    'update',
                    'power_off',
                    'rebuild',
                    'delete',
                )
            ],
            [(row.action, row.result, row.owner_project_id) for row in rows],
        )

    def test_delete_twice_is_one_delete(self):
        (uuid,) = self.make_instances(1)
        path = f'/v1/instances/{uuid}'
        answers = [self.member.delete(path) for _ in range(3)]
        self.assertEqual([202] * 3, [answer.status for answer in answers])
        work = self.rows(instances_case.DUE_WORK, object_id=uuid)
        self.assertEqual(1, len(work))
        # The first one is at it; the others found it on its way.
        self.assertEqual(
            [('delete', None), ('delete', 'success'), ('delete', 'success')],
            self.audit(uuid)[1:],
        )
        begun = self.rows(instances_case.ACTIONS, object_id=uuid)[1]
        self.assertEqual({'action_id': begun.id}, orjson.loads(work[0].payload))
