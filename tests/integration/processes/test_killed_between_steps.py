"""A conductor killed -9 between any two writes of a long verb."""

import contextlib

import sqlalchemy as sa

from mogan_like.instances.drivers import fake_conf
from tests.fixtures import wait_until
from tests.processes import site_case

#: Status in which a verb is on its way, and its name in the audit.
_VERBS = {
    'build': ('BUILDING', 'create'),
    'rebuild': ('REBUILDING', 'rebuild'),
    'power': ('POWERING_OFF', 'power_off'),
    'delete': ('DELETING', 'delete'),
}

# Every trigger stops a statement for an instance whose name says so, before
# the statement does anything, until the test lets go of a lock.
_HOLD = "DO GET_LOCK('{lock}', 600); DO RELEASE_LOCK('{lock}');"
_NAME_OF_EVENT = (
    '(SELECT name FROM instances JOIN actions ON object_id = uuid'
    ' WHERE actions.id = NEW.action_id)'
)
_TRIGGERS = (
    # The step is not begun; the one before it is finished.
    (
        'BEFORE INSERT ON action_events',
        f"{_NAME_OF_EVENT} = CONCAT(NEW.event, ' begins')",
    ),
    # The machine is changed, and the audit still says that the step goes on.
    (
        'BEFORE UPDATE ON action_events',
        f"NEW.result = 'success' AND {_NAME_OF_EVENT} = CONCAT(NEW.event, ' ends')",
    ),
    # All steps are done, and the instance does not say so yet.
    (
        'BEFORE UPDATE ON instances',
        "OLD.status <> NEW.status AND NEW.name = CONCAT(OLD.status, ' ends')",
    ),
    # The last statement of the transaction that says so.
    (
        'BEFORE UPDATE ON actions',
        "NEW.result = 'success' AND CONCAT(NEW.action, ' commits') ="
        ' (SELECT name FROM instances WHERE uuid = NEW.object_id)',
    ),
)


def _list_points():
    """[(verb, name of an instance that is held at a point of this verb)]."""
    points = [
        (verb, f'{verb}.{step} {phase}')
        for verb, steps in fake_conf.STEPS.items()
        for step in steps
        for phase in ('begins', 'ends')
    ]
    points += [(verb, f'{status} ends') for verb, (status, _) in _VERBS.items()]
    # At the end: they hold rows that the renewal of claims waits for.
    return points + [
        (verb, f'{action} commits') for verb, (_, action) in _VERBS.items()
    ]


class KilledBetweenStepsTest(site_case.SiteCase):
    def setUp(self):
        super().setUp()
        self.site = self.make_site(
            # Renewals must not be late while commits are held, on any machine.
            'mysql',
            conductor__claim_ttl=600,
            database__max_pool_size=80,
        )
        self.lock = self.site.database.name
        # By triggers.
        self.site.database.spoil()

    def test_every_point_of_every_verb(self):
        points = _list_points()
        instances = {
            name: self.site.make_instance(wait=None, name=name)
            for verb, name in points
            if verb != 'build'
        }
        for uuid in instances.values():
            self.site.wait_for(uuid, 'ACTIVE')
        with self._points_held():
            begun = [
                (verb, name, self.begin(self.site, verb, instances.get(name), name))
                for verb, name in points
            ]
            wait_until(lambda: self._count_held() == len(points), 'all points')
            self.site.stop_conductor()
        self.site.expire_claims()
        self.site.start_conductor()
        self.site.wait_until_settled()
        for verb, name, uuid in begun:
            self._check(verb, name, uuid)
        self.site.check_books(self)

    @contextlib.contextmanager
    def _points_held(self):
        server = sa.create_engine(self.site.database.url, isolation_level='AUTOCOMMIT')
        self.addCleanup(server.dispose)
        with server.connect() as self.root:
            for number, (event, condition) in enumerate(_TRIGGERS):
                self._execute(
                    f'CREATE TRIGGER hold_{number} {event} FOR EACH ROW '
                    f'IF {condition} THEN {_HOLD.format(lock=self.lock)} END IF'
                )
            self._execute(f"SELECT GET_LOCK('{self.lock}', 0)")
            try:
                yield
            finally:
                self._execute(f"SELECT RELEASE_LOCK('{self.lock}')")

    def _execute(self, statement):
        return self.root.execute(sa.text(statement))

    def _count_held(self):
        return self._execute(
            'SELECT COUNT(*) FROM information_schema.processlist'
            f" WHERE db = '{self.lock}' AND state = 'User lock'"
        ).scalar()

    def _check(self, verb, name, uuid):
        self.check_outcome(self.site, verb, uuid)
        events = []
        for step in fake_conf.STEPS[verb]:
            # The successor finds the machine changed, and does not say that
            # it did what it did not do.
            ended = name == f'{verb}.{step} ends'
            events.append((f'{verb}.{step}', 'interrupted' if ended else 'success'))
            self.assertEqual(1, self.site.count_steps(uuid, f'{verb}.{step}'), name)
        verbs = ['build'] if verb == 'build' else ['build', verb]
        self.check_history(self.site, uuid, verbs, events)
