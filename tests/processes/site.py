"""A site of many processes: one database, one broker, one hall of machines."""

import contextlib
import fcntl
import os

import sqlalchemy as sa

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common import rpc
from mogan_like.common.config import CONF
from mogan_like.db import engine
from mogan_like.instances.drivers import fake_state
from tests import fixtures
from tests import personas
from tests.processes import processes

#: The shortest there is: a dead conductor's work is taken over after it.
CLAIM_TTL = 3


class Site(fixtures.Service):
    """The API in this process, conductors in processes of their own.

    :param options: of every process, by ``group__name``
    :ivar environment: variables of the processes to be started
    :ivar fork: services are forks of a process that has their modules; if not,
        they are executed
    :ivar conductor: the one that :meth:`start_conductor` started
    :ivar machines: what the fake driver's machines are like, and its journal
    """

    def __init__(self, test, database, bus='rabbit', **options):
        defaults = {
            'conductor__claim_ttl': CLAIM_TTL,
            'conductor__scan_interval': 0.2,
            'fake__nodes': 40,
            'quota__instances': 40,
        }
        super().__init__(test, database, bus, **{**defaults, **options})
        self.environment = {}
        self.fork = True
        self._made_options = None
        self._flavor = None

    def _setUp(self):
        super()._setUp()
        self.machines = fake_state.DirectoryState(CONF.fake.state_dir)

    def _make_options(self):
        if self._made_options is None:
            options = super()._make_options()
            # Another installation's exchange may be of another kind.
            options['control_exchange'] = options['conductor__rpc_topic']
            self._made_options = options
        return self._made_options

    def start_conductor(self):
        """Start a conductor that answers on the topic of the site."""
        self.conductor = self.start('mogan-like-conductor')

    def stop_conductor(self):
        """Kill -9 it."""
        if self.conductor is not None:
            self.conductor.kill()
            self.conductor = None

    def make_instance(self, *args, **values):
        """As of Service, of one flavor for all."""
        if self._flavor is None:
            self._flavor = self.make_flavor()
        values.setdefault('flavor_uuid', self._flavor)
        return super().make_instance(*args, **values)

    def expire_claims(self):
        """As if the claims of those that were killed had run out by now."""
        with engine.writer() as conn:
            conn.execute(
                sa.text('UPDATE due_work SET until = :now WHERE owner IS NOT NULL'),
                {'now': clock.utcnow()},
            )

    def start(self, script, *arguments, **options):
        """Start a process of this site.

        :param options: of this process alone
        """
        config = self.write_config(**options)
        fork = self.fork and script in processes.FORKED
        return self.useFixture(
            processes.Process(
                script,
                '--config-file',
                config,
                *arguments,
                env=self.environment,
                nursery=processes.get_nursery() if fork else None,
            )
        )

    def write_config(self, **options):
        """Write the configuration of a process; the path of the file."""
        folder = self.useFixture(processes.fixtures.TempDir())
        return processes.write_config(
            folder.join('mogan_like.conf'), {**self._make_options(), **options}
        )

    def name_topic(self, what):
        """A topic for some of this site's conductors.

        The broker is shared: another site's queue of that name would get the calls.
        """
        return f'{self._make_options()["conductor__rpc_topic"]}-{what}'

    def call_on(self, topic):
        """Let the API in this process call the conductors of a topic."""
        rpc.cleanup()
        CONF.set_override('rpc_topic', topic, group='conductor')
        rpc.init()

    def wait_for_conductor(self, process):
        """Wait until the conductor of this topic answers."""

        def answers():
            with contextlib.suppress(exception.ConductorUnavailable):
                return rpc.ping(1)

        process.wait_for(answers, 'a conductor to answer')

    @contextlib.contextmanager
    def machines_stopped(self):
        """Nobody can do anything to a machine."""
        path = os.path.join(CONF.fake.state_dir, 'lock')
        with open(path, 'wb') as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def wait_for_step(self, instance, step, phase='start'):
        """Wait until a step on an instance's machine has begun, or ended."""
        fixtures.wait_until(
            lambda: self.count_steps(instance, step, phase),
            f'the {phase} of {step} of {instance}',
        )

    def count_steps(self, instance, step, phase='end', result=None):
        """How often the journal has this."""
        wanted = (instance, step, phase)
        return sum(
            (entry['instance'], entry['step'], entry['phase']) == wanted
            and result in (None, entry['result'])
            for entry in self.machines.journal()
        )

    def fetch(self, query, **values):
        """The rows of a query, straight from the database."""
        with engine.reader() as conn:
            return conn.execute(sa.text(query), values).all()

    def wait_until_settled(self, seconds=processes.PATIENCE):
        """Wait until nobody has anything left to do to an instance."""
        fixtures.wait_until(
            lambda: (
                not self.fetch("SELECT object_id FROM due_work WHERE kind = 'instance'")
            ),
            'the instances to be left alone',
            seconds,
        )

    def check_books(self, test):
        """Instances, nodes, machines, addresses and usage tell one story."""
        live = {
            row.uuid: row
            for row in self.fetch(
                'SELECT uuid, node_uuid, image_uuid, power_state, status,'
                ' addresses FROM instances WHERE deleted = 0'
            )
        }
        homes = {row.node_uuid: row.uuid for row in live.values()}
        test.assertEqual(len(live), len(homes), 'two instances on one node')
        nodes = self.fetch('SELECT uuid, instance_uuid, free FROM nodes')
        test.assertEqual(
            [(uuid, homes.get(uuid), int(uuid not in homes)) for uuid, *_ in nodes],
            [tuple(row) for row in nodes],
        )
        used = self.fetch(
            "SELECT used FROM quota_usages WHERE resource = 'instances'"
            ' AND scope_id = :project',
            project=personas.PROJECT,
        )
        test.assertEqual([(len(live),)], [tuple(row) for row in used])
        self._check_machines(test, live, [row.uuid for row in nodes])

    def _check_machines(self, test, live, nodes):
        with self.machines.lock():
            records = {uuid: self.machines.read(f'nodes/{uuid}') for uuid in nodes}
            addresses = self.machines.read('addresses')
        built = {}
        for uuid, record in records.items():
            if record is not None:
                row = live[record['instance_uuid']]
                built[row.uuid] = (uuid, record['image'], record['power'])
                test.assertTrue(record['built'])
                test.assertEqual([uuid, 0], addresses.pop(_find_address(record)))
        test.assertEqual(
            {
                row.uuid: (row.node_uuid, row.image_uuid, row.power_state)
                for row in live.values()
            },
            built,
        )
        test.assertEqual({}, addresses, 'addresses of nobody')


def _find_address(record):
    ((address,),) = record['addresses'].values()
    return address['addr']
