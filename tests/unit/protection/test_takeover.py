"""A conductor that dies in the middle of an operation: another one finishes it."""

import threading

from mogan_like.common.config import CONF
from mogan_like.protection import banking
from tests.unit.db import db_case
from tests.unit.protection import protection_case
from tests.unit.protection.world import FOLDER
from tests.unit.protection.world import PROJECT

_HOOKS = ('on_prepare_begin', 'on_prepare_finish', 'on_main', 'on_complete')


class Gate:
    """Holds the first who comes by until it is opened."""

    def __init__(self, test):
        self.reached = threading.Event()
        self._open = threading.Event()
        test.addCleanup(self._open.set)

    def __call__(self, *_what):
        if not self.reached.is_set():
            self.reached.set()
            self._open.wait(120)

    def open(self):
        self._open.set()


class TakeoverMixin(protection_case.ProtectionMixin):
    def setUp(self):
        super().setUp()
        self.engine = self.start_engine()
        self.gate = Gate(self)

    def die_at_gate(self, begin):
        """Begin something, lose the engine at the gate, and start another one."""
        begun = begin()
        self.assertTrue(self.gate.reached.wait(60))
        self.replace_engine()
        return begun

    def replace_engine(self):
        self.lose(self.engine)
        self.dead = self.engine
        self.engine = self.start_engine()

    def let_the_dead_go_on(self):
        """What was thought dead was only slow, and must not count."""
        self.gate.open()
        self.wait(lambda: not self.dead._pool.taken, 'the dead to end')

    def assert_protected(self, uuid):
        self.wait_for(uuid, 'available')
        before = self.checkpoint(uuid), self.resources(uuid)
        self.let_the_dead_go_on()
        self.assertEqual(before, (self.checkpoint(uuid), self.resources(uuid)))
        self.assertEqual(2, len(self.world.snapshots))
        self.assertEqual(set(self.world.made), set(self.world.snapshots))
        self.assertEqual([('create', 'success')], self.actions(uuid))
        self.assertEqual([('protect', 'success')], self.logs(uuid))
        self.assertEqual('available', banking.read(self.bank, uuid)[0]['status'])
        for row in self.resources(uuid).values():
            self.assertIn(self.load(row['data'])['snapshot'], self.world.snapshots)

    def begin_protect(self):
        return self.protect(self.create_plan('s1', 's2'))

    def test_protect_in_each_hook(self):
        for hook in (*_HOOKS, 'made', 'saved'):
            self.gate = Gate(self)
            self.world.at = {('protect', hook, 's1'): self.gate}
            self.assert_protected(self.die_at_gate(self.begin_protect))
            self.world.at.clear()
            self.world.snapshots.clear()
            self.world.made.clear()

    def test_protect_before_its_tree_is_known(self):
        self.provider.plugins = Plugins(self.gate, self.provider.plugins)
        plan = self.create_plan('s1', 's2')
        self.provider.plugins.armed = True
        self.assert_protected(self.die_at_gate(lambda: self.protect(plan)))

    def test_the_tree_stays_as_it_was_found(self):
        self.world.folders['f1'] = (PROJECT, None)
        self.world.add_shares('in1', 'in2', folder='f1')
        self.world.at['protect', 'on_main', 'in1'] = self.gate
        plan = self.create_plan(resources=[{'id': 'f1', 'type': FOLDER}])
        uuid = self.die_at_gate(lambda: self.protect_and_change(plan))
        self.assert_protected(uuid)
        self.assertEqual({'in1', 'in2'}, set(self.resources(uuid)))

    def protect_and_change(self, plan):
        uuid = self.protect(plan)
        self.assertTrue(self.gate.reached.wait(60))
        self.world.add_shares('in3', folder='f1')
        return uuid

    def test_protect_at_each_write_to_the_bank(self):
        for part in (
            'resource-data/s1/status',
            'resource-data/s2/metadata',
            'index.json',
            'by-date',
            'by-plan',
            'by-provider',
        ):
            self.gate = Gate(self)
            self.hold_bank('put', part)
            self.assert_protected(self.die_at_gate(self.begin_protect))
            self.world.snapshots.clear()
            self.world.made.clear()

    def hold_bank(self, verb, part):
        def hold(done, key):
            if done == verb and part in key:
                self.gate()

        self.bank.at = hold

    def test_delete_in_each_hook(self):
        for hook in (*_HOOKS, 'deleted'):
            self.gate = Gate(self)
            uuid = self.protected('s1', 's2')
            self.world.at = {('delete', hook, 's1'): self.gate}
            self.die_at_gate(lambda uuid=uuid: self.delete(uuid))
            self.assert_deleted(uuid)
            self.world.at.clear()

    def test_delete_at_each_write_to_the_bank(self):
        for verb, part in (
            ('delete', 'by-date'),
            ('delete', 'by-provider'),
            ('put', 'index.json'),
            ('delete', 'resource-data/s1/metadata'),
        ):
            self.gate = Gate(self)
            self.bank.at = lambda _verb, _key: None
            uuid = self.protected('s1', 's2')
            self.hold_bank(verb, part)
            self.die_at_gate(lambda uuid=uuid: self.delete(uuid))
            self.assert_deleted(uuid)

    def assert_deleted(self, uuid):
        self.wait_for(uuid, 'deleted')
        self.let_the_dead_go_on()
        self.assertEqual({}, self.world.snapshots)
        self.assertEqual('deleted', self.checkpoint(uuid)['status'])
        self.assertEqual(('delete', 'success'), self.actions(uuid)[-1])
        self.assertEqual(('delete', 'success'), self.logs(uuid)[-1])
        self.wait(
            lambda: banking.read(self.bank, uuid)[0]['status'] == 'deleted',
            'the bank to say so',
        )

    def test_restore_in_each_hook(self):
        uuid = self.protected('s1', 's2')
        for hook in (*_HOOKS, 'made', 'saved'):
            self.gate = Gate(self)
            self.world.at = {('restore', hook, 's1'): self.gate}
            self.world.made.clear()
            run = self.die_at_gate(lambda: self.restore(uuid))
            self.wait_for_run(run)
            before = self.run_row(run), self.resources(run)
            self.let_the_dead_go_on()
            self.assertEqual(before, (self.run_row(run), self.resources(run)))
            self.assertEqual(2, len(self.world.made))
            self.assertEqual([('create', 'success')], self.actions(run))
            self.assertEqual(0, self.checkpoint(uuid)['restoring'])
            self.world.at.clear()
        self.delete(uuid)
        self.wait_for(uuid, 'deleted')

    def test_verify_in_each_hook(self):
        uuid = self.protected('s1', 's2')
        for hook in _HOOKS:
            self.gate = Gate(self)
            self.world.at = {('verify', hook, 's1'): self.gate}
            run = self.die_at_gate(lambda: self.verify(uuid))
            self.wait_for_run(run)
            self.let_the_dead_go_on()
            self.assertEqual([('create', 'success')], self.actions(run))
            self.world.at.clear()

    def test_it_is_given_up_in_the_end(self):
        CONF.set_override('max_attempts', 2, group='protection')
        gates = [Gate(self), Gate(self)]
        for gate in gates:
            self.gate = gate
            self.world.at = {('protect', 'on_main', 's1'): gate}
            if gate is gates[0]:
                uuid = self.die_at_gate(self.begin_protect)
            else:
                self.assertTrue(gate.reached.wait(60))
                self.world.at.clear()
                self.replace_engine()
        self.wait_for(uuid, 'error')
        self.assertIn('Given up after 2', self.checkpoint(uuid)['fault'])
        for gate in gates:
            gate.open()
        self.delete(uuid)
        self.wait_for(uuid, 'deleted')
        self.assertEqual({}, self.world.snapshots)

    def test_deleted_after_it_died_while_protecting(self):
        self.world.at['protect', 'made', 's1'] = self.gate
        uuid = self.begin_protect()
        self.assertTrue(self.gate.reached.wait(60))
        self.delete(uuid)
        self.replace_engine()
        self.assert_deleted(uuid)


class Plugins(list):
    """A list at which somebody is held when the tree is to be built."""

    def __init__(self, gate, plugins):
        super().__init__(plugins)
        self.armed = False
        self._gate = gate

    def __iter__(self):
        if self.armed:
            self._gate()
        return super().__iter__()


db_case.on_each(globals(), TakeoverMixin)
