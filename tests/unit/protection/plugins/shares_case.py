"""A project with shares in an emulated Manila, and the plugin that protects them."""

import fixtures
import testtools

from mogan_like.clients import manila_conf
from mogan_like.common.config import CONF
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins import share as protectable
from mogan_like.protection.plugins.manila_share_snapshot import plugin
from mogan_like.protection.plugins.manila_share_snapshot import polling
from tests import fixtures as service_fixtures
from tests.emulators.manila import fixture
from tests.emulators.manila import identity
from tests.unit.protection.plugins import hooks

TIMEOUT_S = 1000
PARAMETERS = {'snapshot_name': 'nightly', 'description': 'of the data', 'force': False}


class SharesCase(testtools.TestCase):
    """Hooks run against Manila over HTTP, on a clock that only waiting moves."""

    #: roles of who we are in Manila
    roles = ('admin',)
    options = {}

    def setUp(self):
        super().setUp()
        self.manila = self.useFixture(fixture.Manila(self._authenticate))
        self.useFixture(
            service_fixtures.Config(
                manila__endpoint_override=self.manila.url, **self.options
            )
        )
        manila_conf.register_auth_opts(CONF)
        for name, value in (('auth_type', 'none'), ('timeout', 20)):
            CONF.set_override(name, value, group='manila')
            self.addCleanup(CONF.clear_override, name, group='manila')
        self.clock = hooks.Clock()
        self.useFixture(fixtures.MonkeyPatch(f'{polling.__name__}.clock', self.clock))
        self.log = self.useFixture(fixtures.FakeLogger())
        self.plugin = self.make_plugin()
        self.ctx = hooks.make_ctx()

    def _authenticate(self, environ):
        """As Manila's own noauth reads tokens: USER:PROJECT."""
        user, _, project = environ['HTTP_X_AUTH_TOKEN'].partition(':')
        return identity.Identity(project, user, self.roles)

    @property
    def state(self):
        return self.manila.state

    @property
    def switches(self):
        return self.manila.state.switches

    def make_plugin(self, moments=None, **own):
        made = plugin.ManilaShareSnapshotPlugin(
            {'poll_timeout': TIMEOUT_S, 'force_delete_after': 100, **own}
        )
        if moments is not None:
            self.watch(made, lambda *_call: moments.pass_one())
        return made

    def watch(self, made, tell):
        """Have a plugin tell of its calls of Manila."""
        made._connections = hooks.WatchedConnections(made._connections, tell)

    def connect(self, project_id=hooks.PROJECT):
        """Manila as the client of a project sees it."""
        return self.plugin._connections.connect(hooks.make_ctx(project_id))

    def make_share(self, project_id=hooks.PROJECT, wait=True, **values):
        """The id of a new share of a project."""
        wanted = {'share_proto': 'NFS', 'size': 2, 'name': 'data', **values}
        made = self.connect(project_id).create_share(**wanted)
        if wait:
            self.manila.settle()
        return made['id']

    def make_step(self, share_id, record=None, parameters=PARAMETERS, **values):
        """What a hook works with."""
        record = hooks.Record() if record is None else record
        values = {
            'ctx': self.ctx,
            'checkpoint_id': hooks.CHECKPOINT,
            'waiter': hooks.Waiter(self.clock),
            'protected': record.data,
            **values,
        }
        return base.Step(
            resource=base.Resource(protectable.TYPE, share_id, 'data'),
            parameters=parameters,
            record=record,
            **values,
        )

    def run_hooks(self, operation, step):
        """All four, as the framework calls them."""
        hooks.run(operation, step)

    def protect(self, share_id, made=None, **values):
        """The record of a share that is protected."""
        step = self.make_step(share_id, **values)
        made = made or self.plugin
        self.run_hooks(made.get_protect_operation(step.resource), step)
        return step.record

    def delete(self, share_id, protected, made=None, **values):
        """The record of a delete of what a protect has recorded."""
        record = values.pop('record', None) or hooks.Record(protected.data)
        step = self.make_step(share_id, record, protected=protected.data, **values)
        made = made or self.plugin
        self.run_hooks(made.get_delete_operation(step.resource), step)
        return record

    def restore(self, share_id, protected, parameters=None, made=None, **values):
        """The record of a restore."""
        step = self.make_step(
            share_id, parameters=parameters or {}, protected=protected.data, **values
        )
        made = made or self.plugin
        self.run_hooks(made.get_restore_operation(step.resource), step)
        return step.record

    def verify(self, share_id, protected, made=None, **values):
        """The record of a verification."""
        step = self.make_step(
            share_id, parameters={}, protected=protected.data, **values
        )
        made = made or self.plugin
        self.run_hooks(made.get_verify_operation(step.resource), step)
        return step.record

    def assert_delete_leaves_nothing(self, share_id, record):
        """Whatever became of a protect, a delete works."""
        self.switches.clear()
        deleted = self.delete(share_id, record)
        self.assertEqual('deleted', deleted.statuses[-1])
        self.assertEqual({}, self.state.snapshots)
