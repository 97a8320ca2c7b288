"""What is told of a status that changes between the write and the look at it."""

import sqlalchemy as sa

from mogan_like.db import engine
from mogan_like.instances import states
from tests.functional.instances import instances_case
from tests.functional.instances import verbs


class VerdictTest(instances_case.InstancesCase):
    # On SQLite there is one writer at a time, and MariaDB keeps a row that it
    # looked at for an UPDATE: there nothing changes behind anybody's back.
    options = {'fake__nodes': 8, 'database': 'postgresql'}

    def setUp(self):
        super().setUp()
        self.changes = []
        writer = engine.get_writer_engine()
        sa.event.listen(writer, 'after_cursor_execute', self.change_behind)
        self.addCleanup(
            sa.event.remove, writer, 'after_cursor_execute', self.change_behind
        )

    def change_behind(self, _conn, cursor, statement, *_rest):
        """Write to an instance right after a verb found it otherwise."""
        found_none = statement.startswith('UPDATE instances') and cursor.rowcount == 0
        if found_none and self.changes:
            uuid, values = self.changes.pop()
            self.change(uuid, **values)

    def test_verdict_is_one_that_the_table_has(self):
        cases = [
            ('delete', states.LOCKED, states.ACTIVE),
            ('update', states.LOCKED, states.ACTIVE),
            ('off', states.LOCKED, states.ACTIVE),
            ('off', states.POWERING_ON, states.ACTIVE),
            ('lock', states.LOCKED, states.ACTIVE),
            ('lock', states.REBOOTING, states.ACTIVE),
            ('unlock', states.ACTIVE, states.LOCKED),
            ('delete', states.LOCKED, states.DELETING),
        ]
        expected, got = {}, {}
        made = self.insert_instances(len(cases), with_machines=True)
        for uuid, (name, before, after) in zip(made, cases, strict=True):
            self.put(uuid, before)
            self.changes = [(uuid, {'status': after, 'locked_by': 'admin'})]
            answer = verbs.VERBS[name].send(self.admin, uuid)
            title = (answer.body or {}).get('error_name')
            key = name, before, after
            expected[key] = verbs.judge(verbs.VERBS[name], after)[:2]
            got[key] = answer.status, title
        self.assert_same(expected, got)
