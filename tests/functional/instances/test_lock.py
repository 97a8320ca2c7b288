"""The lock: who holds it, who takes it over, who releases it."""

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.common import context
from mogan_like.common import exception
from mogan_like.db import claims
from mogan_like.db import engine
from mogan_like.instances import rpcapi
from mogan_like.instances import states
from tests import fixtures
from tests import personas
from tests.functional.instances import instances_case

_NO_LOCK = {
    'locked': False,
    'locked_by': None,
    'user_id': None,
    'reason': None,
    'since': None,
    'expires_at': None,
}


class LockCase(instances_case.InstancesCase):
    options = {'fake__nodes': 12, 'quota__instances': -1}

    def lock(self, uuid, client=None, **terms):
        """The answer to a lock by the admin."""
        path = f'/v1/instances/{uuid}/states/lock'
        return (client or self.admin).put(path, {'lock': terms or None})

    def unlock(self, uuid, client=None):
        """The answer to an unlock by the admin."""
        path = f'/v1/instances/{uuid}/states/unlock'
        return (client or self.admin).put(path, {'unlock': None})

    def call(self, method, uuid, holder, user_id='u', **args):
        """Lock or unlock as the Nova view does, where the holder is chosen."""
        ctx = context.RequestContext(user_id=user_id, project_id=personas.PROJECT)
        rpcapi.INSTANCES.call(ctx, method, uuid=uuid, holder=holder, **args)

    def show(self, uuid, client=None):
        """The lock as a resource."""
        return (client or self.admin).get(f'/v1/instances/{uuid}/lock').body

    def status(self, uuid):
        return self.row(uuid).status

    def expiries(self, uuid):
        """The due work about a lock's end."""
        return self.rows(instances_case.DUE_WORK, kind='lock_expiry', object_id=uuid)


class HolderTest(LockCase):
    def test_lock_says_who_why_since_and_until_when(self):
        (uuid,) = self.make_instances(1)
        self.assertEqual(_NO_LOCK, self.show(uuid))
        until = self.in_seconds(3600)
        self.assertEqual(
            202, self.lock(uuid, reason='new fans', expires_at=until + 'Z').status
        )
        row = self.row(uuid)
        lock = {
            'locked': True,
            'locked_by': 'admin',
            'user_id': personas.ADMIN.user_id,
            'reason': 'new fans',
            'since': row.locked_at.isoformat(timespec='microseconds'),
            'expires_at': until,
        }
        # Whoever may see the instance sees the lock, but not all see the user.
        seen = {
            personas.ADMIN: lock,
            personas.READER: lock,
            personas.SERVICE: {**lock, 'user_id': None},
        }
        for persona, expected in seen.items():
            shown = self.show(uuid, self.service.client(persona))
            self.assertEqual(expected, shown, persona)
        for path in ('', '/states'):
            self.assertTrue(
                self.member.get(f'/v1/instances/{uuid}{path}').body['locked']
            )
        self.assertEqual(202, self.unlock(uuid).status)
        self.assertEqual(_NO_LOCK, self.show(uuid))
        self.assertFalse(self.member.get(f'/v1/instances/{uuid}').body['locked'])

    def test_second_lock_is_refused_and_changes_nothing(self):
        (uuid,) = self.make_instances(1)
        self.lock(uuid, reason='first')
        before = self.row(uuid)
        for answer in (
            self.lock(uuid, reason='second'),
            self.lock(uuid, self.service.client(personas.PROJECT_ADMIN)),
        ):
            self.assert_refused(answer, 403, 'OperationNotPermitted')
            self.assertIn('locked by an admin', answer.body['error_message'])
        self.assertRaises(
            exception.OperationNotPermitted, self.call, 'lock', uuid, 'owner'
        )
        self.assertEqual(before, self.row(uuid))

    def test_admin_of_the_same_project_is_an_admin_and_no_owner(self):
        (uuid,) = self.make_instances(1)
        self.lock(uuid, self.service.client(personas.PROJECT_ADMIN))
        self.assertEqual('admin', self.row(uuid).locked_by)
        self.assertRaises(
            exception.OperationNotPermitted, self.call, 'unlock', uuid, 'owner'
        )
        self.assertEqual(states.LOCKED, self.status(uuid))

    def test_owner_releases_an_owners_lock_and_no_admins(self):
        (uuid,) = self.make_instances(1)
        self.call('lock', uuid, 'owner', 'one')
        self.assertEqual('owner', self.row(uuid).locked_by)
        # Another member of the project is an owner too.
        self.call('unlock', uuid, 'owner', 'two')
        self.assertEqual(states.ACTIVE, self.status(uuid))
        self.lock(uuid)
        raised = self.assertRaises(
            exception.OperationNotPermitted, self.call, 'unlock', uuid, 'owner'
        )
        self.assertIn('locked by an admin', str(raised))
        self.assertEqual(('unlock', 'refused'), self.audit(uuid)[-1])
        self.assertEqual(states.LOCKED, self.status(uuid))

    def test_admin_releases_an_owners_lock(self):
        (uuid,) = self.make_instances(1)
        self.call('lock', uuid, 'owner')
        self.assertEqual(202, self.unlock(uuid).status)
        self.assertEqual(_NO_LOCK, self.show(uuid))

    def test_admin_takes_over_an_owners_lock_in_one_update(self):
        (uuid,) = self.make_instances(1)
        self.call('lock', uuid, 'owner', 'the-owner', reason='mine')
        written = []

        def note(_conn, _cursor, statement, *_rest):
            if statement.startswith('UPDATE instances'):
                written.append(statement)

        writer = engine.get_writer_engine()
        sa.event.listen(writer, 'before_cursor_execute', note)
        self.addCleanup(sa.event.remove, writer, 'before_cursor_execute', note)
        self.assertEqual(202, self.lock(uuid, reason='fans').status)
        self.assertEqual(1, len(written), written)
        row = self.row(uuid)
        self.assertEqual(
            (states.LOCKED, 'admin', personas.ADMIN.user_id, 'fans'),
            (row.status, row.locked_by, row.lock_user_id, row.lock_reason),
        )
        self.assertRaises(
            exception.OperationNotPermitted, self.call, 'unlock', uuid, 'owner'
        )
        self.assertEqual(
            [('lock', 'success'), ('lock', 'success'), ('unlock', 'refused')],
            self.audit(uuid)[1:],
        )

    def test_lock_outlives_its_conductor(self):
        (uuid,) = self.make_instances(1)
        self.lock(uuid)
        self.service.stop_conductor()
        self.service.start_conductor()
        refused = self.member.delete(f'/v1/instances/{uuid}')
        self.assert_refused(refused, 403, 'OperationNotPermitted')


class ExpiryTest(LockCase):
    def lock_for(self, uuid, seconds, **terms):
        answer = self.lock(uuid, expires_at=self.in_seconds(seconds), **terms)
        self.assertEqual(202, answer.status, answer)

    def test_lock_is_released_when_its_time_is_over(self):
        (uuid,) = self.make_instances(1)
        self.lock_for(uuid, 1.5)
        self.assertEqual(states.LOCKED, self.status(uuid))
        self.service.wait_for(uuid, states.ACTIVE)
        self.assertEqual(_NO_LOCK, self.show(uuid))
        self.assertEqual([], self.expiries(uuid))
        row = self.rows(instances_case.ACTIONS, object_id=uuid)[-1]
        self.assertEqual(
            ('unlock', 'success', 'expiry', None, None, personas.PROJECT),
            (
                row.action,
                row.result,
                row.cause,
                row.user_id,
                row.project_id,
                row.owner_project_id,
            ),
        )
        shown = self.member.get(f'/v1/instances/{uuid}/actions').body['actions'][0]
        self.assertEqual(('unlock', 'expiry'), (shown['action'], shown['cause']))

    def test_expiry_of_a_lock_that_is_gone_does_nothing(self):
        names = ('unlocked', 'relocked', 'later', 'taken', 'retimed', 'marker')
        made = dict(zip(names, self.make_instances(len(names)), strict=True))
        # Long enough for all of this on a busy machine.
        soon = self.in_seconds(5)
        for name in names[:3]:
            self.lock_for(made[name], 5)
            self.unlock(made[name])
            self.assertEqual([], self.expiries(made[name]))
        self.lock(made['relocked'])
        self.lock_for(made['later'], 600)
        for name in ('taken', 'retimed'):
            self.call('lock', made[name], 'owner', expires_at=soon)
        self.lock(made['taken'])
        self.lock_for(made['retimed'], 600)
        # When this one is released, the others' time has been over for long.
        self.lock_for(made['marker'], 5.5)
        self.service.wait_for(made['marker'], states.ACTIVE)
        expected = dict.fromkeys(names, states.LOCKED)
        expected |= {'unlocked': states.ACTIVE, 'marker': states.ACTIVE}
        self.assert_same(
            expected, {name: self.status(uuid) for name, uuid in made.items()}
        )
        due = {name for name, uuid in made.items() if self.expiries(uuid)}
        self.assertEqual({'later', 'retimed'}, due)
        for name in names[:-1]:
            causes = {
                row.cause
                for row in self.rows(instances_case.ACTIONS, object_id=made[name])
            }
            self.assertEqual({'user'}, causes, name)

    def test_work_that_is_due_too_early_releases_nothing(self):
        for_ever, for_long = self.insert_instances(2)
        until = clock.utcnow().replace(year=2998)
        for uuid in (for_ever, for_long):
            self.put(uuid, states.LOCKED)
        self.change(for_long, lock_expires_at=until)
        with engine.writer() as conn:
            for uuid in (for_ever, for_long):
                claims.add(conn, 'lock_expiry', uuid, clock.utcnow())
        fixtures.wait_until(lambda: not self.expiries(for_ever), 'it to be dropped')
        fixtures.wait_until(
            lambda: self.expiries(for_long)[0].due_at == until, 'it to be put off'
        )
        for uuid in (for_ever, for_long):
            self.assertEqual(states.LOCKED, self.status(uuid))
            self.assertEqual([], self.audit(uuid))

    def test_expiry_in_the_past_is_refused_and_recorded(self):
        (uuid,) = self.make_instances(1)
        for seconds in (0, -1, -86400):
            answer = self.lock(uuid, expires_at=self.in_seconds(seconds))
            self.assert_refused(answer, 400, 'InvalidParameter')
        self.assertEqual([('lock', 'refused')] * 3, self.audit(uuid)[1:])
        self.assertEqual(states.ACTIVE, self.status(uuid))

    def test_lock_that_ran_out_while_nobody_served_is_released_at_the_start(self):
        (uuid,) = self.insert_instances(1)
        self.service.stop_conductor()
        self.lock_until([uuid], clock.utcnow())
        self.assertEqual(states.LOCKED, self.status(uuid))
        self.service.start_conductor()
        self.service.wait_for(uuid, states.ACTIVE)
        self.assertEqual([('unlock', 'success')], self.audit(uuid))

    def test_two_conductors_release_each_lock_once(self):
        made = self.insert_instances(10)
        first = self.service.conductor
        self.service.start_conductor()
        self.addCleanup(first.stop)
        self.lock_until(made, clock.utcnow())
        for uuid in made:
            self.service.wait_for(uuid, states.ACTIVE)
        self.assertEqual(
            [[('unlock', 'success')]] * len(made), [self.audit(uuid) for uuid in made]
        )
