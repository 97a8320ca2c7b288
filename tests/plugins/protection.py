"""What every protectable and every protection plugin has to do."""

import fastjsonschema

from mogan_like.common import exception
from mogan_like.protection.plugins import base
from tests.unit.protection.plugins import hooks

_KINDS = ('options', 'restore', 'verify', 'saved_info')


class ProtectableContract:
    """Tests of a type of resource; the class that mixes it in makes it.

    :ivar ctx: of the project that asks
    :ivar other_ctx: of another one
    """

    ctx = other_ctx = None

    def make_protectable(self):
        """The plugin."""
        raise NotImplementedError

    def add_resources(self):
        """See that each project has one at least."""

    def setUp(self):
        super().setUp()
        self.protectable = self.make_protectable()
        self.add_resources()

    def list_ids(self, ctx):
        return [each.id for each in self.protectable.list_resources(ctx)]

    def test_types(self):
        name = self.protectable.get_resource_type()
        self.assertRegex(name, r'^[A-Za-z0-9:._-]{1,64}$')
        for parent in self.protectable.get_parent_resource_types():
            self.assertRegex(parent, r'^[A-Za-z0-9:._-]{1,64}$')

    def test_what_is_listed_is_shown_and_of_the_type(self):
        found = list(self.protectable.list_resources(self.ctx))
        self.assertNotEqual([], found)
        for resource in found:
            self.assertEqual(self.protectable.get_resource_type(), resource.type)
            shown = self.protectable.show_resource(self.ctx, resource.id)
            self.assertEqual(
                (resource.type, resource.id, resource.name),
                (shown.type, shown.id, shown.name),
            )

    def test_it_is_there_the_next_time(self):
        first = self.list_ids(self.ctx)
        self.protectable = self.make_protectable()
        self.assertEqual(first, self.list_ids(self.ctx))

    def test_other_projects_are_not_found(self):
        mine, theirs = self.list_ids(self.ctx), self.list_ids(self.other_ctx)
        self.assertEqual(set(), set(mine) & set(theirs))
        for name in (*theirs, 'nothing-of-the-kind', '..', '', '../limits'):
            self.assertRaises(
                exception.ResourceNotFound,
                self.protectable.show_resource,
                self.ctx,
                name,
            )

    def test_dependents_are_of_the_own_project_and_of_a_parents_type(self):
        for name in ('Of::Nobody', *self.protectable.get_parent_resource_types()):
            parent = base.Resource(name, self.other_ctx.project_id)
            found = self.protectable.get_dependent_resources(self.ctx, parent)
            self.assertEqual([], list(found), name)


class ProtectionContract:
    """Tests of a way to protect; the class that mixes it in makes it.

    :cvar parameters: that protect needs
    """

    parameters: dict = {}

    def make_protection(self):
        """The plugin, as a provider has it; another call makes another one."""
        raise NotImplementedError

    def make_resource(self):
        """A resource that can be protected."""
        raise NotImplementedError

    def list_made(self):
        """What protecting made that is there now, sorted; for the test to compare."""
        raise NotImplementedError

    def list_restored(self):
        """What restoring made, sorted."""
        raise NotImplementedError

    def make_waiter(self):
        """What hooks wait with."""
        return hooks.Waiter(hooks.Clock())

    def setUp(self):
        super().setUp()
        self.protection = self.make_protection()
        self.resource = self.make_resource()

    def carry_out(self, verb, record=None, protected=None, parameters=None):
        """The record of one operation, all of whose hooks are run."""
        record = record or hooks.Record()
        operation = getattr(self.protection, f'get_{verb}_operation')(self.resource)
        step = base.Step(
            ctx=hooks.make_ctx(),
            checkpoint_id=hooks.CHECKPOINT,
            resource=self.resource,
            parameters=parameters or {},
            record=record,
            waiter=self.make_waiter(),
            protected=record.data if protected is None else protected,
        )
        hooks.run(operation, step)
        return record

    def begin(self, record=None):
        return self.carry_out('protect', record, parameters=self.parameters)

    def test_types_and_schemas(self):
        types = self.protection.get_supported_resource_types()
        self.assertIsInstance(types, tuple)
        self.assertIn(self.resource.type, types)
        for name in types:
            for kind in _KINDS:
                schema = getattr(self.protection, f'get_{kind}_schema')(name)
                self.assertEqual('object', schema['type'], kind)
                self.assertIn('properties', schema, kind)
                fastjsonschema.compile(schema)

    def test_protect_again_makes_nothing_more(self):
        record = self.begin()
        made = self.list_made()
        self.assertNotEqual([], made)
        # By another conductor, which knows what was kept.
        self.protection = self.make_protection()
        self.begin(hooks.Record(record.kept))
        self.assertEqual(made, self.list_made())

    def test_verify_and_restore_what_is_protected(self):
        protected = self.begin().kept
        self.carry_out('verify', protected=protected)
        restored = self.carry_out('restore', protected=protected)
        made = self.list_restored()
        self.carry_out('restore', hooks.Record(restored.kept), protected)
        self.assertEqual(made, self.list_restored())

    def test_delete_may_be_repeated(self):
        protected = self.begin().kept
        for _ in range(2):
            record = self.carry_out('delete', hooks.Record(protected), protected)
            self.assertEqual([], self.list_made())
        self.carry_out('delete', record, protected)

    def test_delete_of_what_was_never_begun(self):
        self.carry_out('delete', protected={})
        self.assertEqual([], self.list_made())

    def test_verify_tells_what_is_not_protected(self):
        protected = self.begin().kept
        self.carry_out('delete', hooks.Record(protected), protected)
        for data in ({}, self.get_protected_after_delete(protected)):
            self.assertRaises(
                exception.MoganLikeError, self.carry_out, 'verify', protected=data
            )

    def get_protected_after_delete(self, protected):
        """What a verification that comes too late is handed."""
        return protected

    def test_copy(self):
        try:
            operation = self.protection.get_copy_operation(self.resource)
        except exception.CopyNotSupported as error:
            self.assertEqual(400, error.code)
        else:
            self.assertIsInstance(operation, base.Operation)
