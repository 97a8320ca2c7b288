"""Base of tests on the steps of leases, done by hand and in order."""

import datetime

from mogan_like.actions import models as actions_models
from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.leases import agenda
from mogan_like.leases import models
from mogan_like.leases.events import jobs
from mogan_like.leases.plugins import base
from tests.unit.leases import lease_case

SECOND = datetime.timedelta(seconds=1)
HOUR = lease_case.HOUR
_DATES = {
    models.LEASES: ('start_date', 'end_date', 'before_end_date'),
    models.EVENTS: ('time',),
    claims.DUE_WORK: ('due_at', 'until'),
}


class Plugin(lease_case.Plugin):
    """Does in its acting verbs what it is told to.

    :ivar acts: {verb: called with the call; what it returns or raises is the
        verb's}
    """

    def __init__(self, resource_type='thing'):
        super().__init__()
        self.resource_type = resource_type
        self.acts = {}

    def on_start(self, call):
        return self._act('on_start', call)

    def before_end(self, call):
        return self._act('before_end', call)

    def on_end(self, call):
        return self._act('on_end', call)

    def _act(self, verb, call):
        self.calls.append((verb, call))
        act = self.acts.get(verb)
        return act(call) if act is not None else None

    def fail(self, verb, error):
        """Have a verb raise from now on; None ends that."""
        self.acts[verb] = None if error is None else _make_raise(error)

    def list_calls(self, verb):
        """The calls of a verb."""
        return [call for name, call, *_ in self.calls if name == verb]


def _make_raise(error):
    def fail(_call):
        raise error

    return fail


class Work(base.BeforeEnd):
    """Work before the end that notes its calls.

    :ivar act: called with the call, if not None; may raise
    """

    def __init__(self):
        self.calls = []
        self.act = None

    def run(self, call):
        self.calls.append(call)
        if self.act is not None:
            self.act(call)


class EventsMixin(lease_case.LeaseMixin):
    """Steps by hand: :meth:`begin`, :meth:`call`, :meth:`finish`."""

    def setUp(self):
        super().setUp()
        self.plugin = Plugin()
        self.other = Plugin('other')
        self.tell = Work()
        plugins = {'thing': self.plugin, 'other': self.other}
        self.manager = lease_case.leases.LeasesManager(
            self.engine, plugins, {'tell': self.tell}
        )
        self.jobs = jobs.LeaseJobs(plugins, {'tell': self.tell})

    def begin(self, kind='lease/thing'):
        """Begin what is due; the works."""
        return self.jobs.begin(kind, 100).works

    def call(self, works):
        """Make the calls of works, one after another; the works."""
        done = []
        for work in works:
            work.start(lambda task: task.run(), done.append)
        self.assertEqual(len(works), len(done))
        return works

    def finish(self, works):
        """Write what came of works."""
        return self.jobs.finish(works)

    def step(self, kind='lease/thing'):
        """Do one step of each lease that is due; their names."""
        works = self.call(self.begin(kind))
        if works:
            self.finish(works)
        return [work.step.value for work in works]

    def start_one(self, **values):
        """A lease that is ACTIVE; its uuid."""
        uuid = self.create(start_date='now', **values)['uuid']
        self.assertEqual(['start'], self.step(self.get_kind(uuid)))
        return uuid

    def get_kind(self, uuid):
        return agenda.get_kind(row['resource_type'] for row in self.reservations(uuid))

    def age(self, uuid, by=3 * HOUR):
        """Let time pass for a lease."""
        for table, names in _DATES.items():
            for row in self.rows(table, **_of(table, uuid)):
                times = {name: row[name] for name in names}
                values = {
                    name: time - by
                    for name, time in times.items()
                    if time is not None and time < claims.NEVER
                }
                self.set(table, {'id': row['id']}, **values)

    def bring_forward(self, uuid):
        """Have a lease looked at again now, whoever holds it."""
        now = clock.utcnow()
        self.set(claims.DUE_WORK, {'object_id': uuid}, until=now, due_at=now)

    def kill(self, uuid):
        """The conductor that was at it is dead, and its claim runs out."""
        self.set(claims.DUE_WORK, {'object_id': uuid}, until=clock.utcnow() - SECOND)

    def get_waiting_time(self, uuid):
        """Seconds until a lease is due again."""
        return (self.due(uuid)['until'] - clock.utcnow()).total_seconds()

    def status(self, uuid):
        return self.lease(uuid)['status']

    def reservation_statuses(self, uuid):
        return [row['status'] for row in self.reservations(uuid)]

    def action_events(self, uuid):
        """{action: [(event, result)]}."""
        found = {}
        for action in self.rows(actions_models.ACTIONS, object_id=uuid):
            rows = self.rows(actions_models.EVENTS, action_id=action['id'])
            found[action['action']] = [(row['event'], row['result']) for row in rows]
        return found

    def assert_active(self, uuid):
        self.assertEqual('ACTIVE', self.status(uuid))
        self.assertEqual(('DONE', 'done'), self.events(uuid)['start_lease'])
        self.assertEqual({'active'}, set(self.reservation_statuses(uuid)))

    def assert_ended(self, uuid, end='done', start='done'):
        self.assertEqual('TERMINATED', self.status(uuid))
        self.assertEqual(('DONE', end), self.events(uuid)['end_lease'])
        self.assertEqual(start, self.events(uuid)['start_lease'][1])
        self.assertEqual({'deleted'}, set(self.reservation_statuses(uuid)))
        self.assertIsNone(self.due(uuid))


def _of(table, uuid):
    if table is models.LEASES:
        return {'uuid': uuid}
    return {'object_id' if table is claims.DUE_WORK else 'lease_uuid': uuid}
