"""Shares and projects as what can be protected."""

from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.protection.plugins import base
from mogan_like.protection.plugins import project
from mogan_like.protection.plugins import share
from tests.unit.protection.plugins import hooks
from tests.unit.protection.plugins import shares_case
from tests.unit.protection.plugins import test_protect

PROJECT = base.Resource('OS::Keystone::Project', hooks.PROJECT)


class ShareTest(shares_case.SharesCase):
    def setUp(self):
        super().setUp()
        self.shares = share.SharePlugin()

    def list_ids(self):
        return [each.id for each in self.shares.list_resources(self.ctx)]

    def test_type_and_parent(self):
        self.assertEqual('OS::Manila::Share', self.shares.get_resource_type())
        self.assertEqual(
            ('OS::Keystone::Project',), self.shares.get_parent_resource_types()
        )

    def test_the_projects_shares_by_their_ids(self):
        mine = {self.make_share(name=name): name for name in ('one', 'two')}
        self.make_share(hooks.OTHER_PROJECT)
        found = list(self.shares.list_resources(self.ctx))
        self.assertEqual(sorted(mine), [each.id for each in found])
        self.assertEqual(mine, {each.id: each.name for each in found})
        self.assertEqual({'OS::Manila::Share'}, {each.type for each in found})

    def test_public_shares_of_others_are_not_the_projects(self):
        self.make_share(hooks.OTHER_PROJECT, is_public=True)
        mine = self.make_share(is_public=True)
        self.assertEqual([mine], self.list_ids())

    def test_manila_is_asked_for_the_project_and_page_by_page(self):
        CONF.set_override('page_size', 4, group='manila')
        self.addCleanup(CONF.clear_override, 'page_size', group='manila')
        mine = sorted(self.make_share() for _ in range(10))
        self.make_share(hooks.OTHER_PROJECT)
        before = len(self.manila.records)
        self.assertEqual(mine, self.list_ids())
        asked = self.manila.records[before:]
        for record in asked:
            self.assertIn(f'project_id={hooks.PROJECT}', record.path)
            self.assertIn('limit=4', record.path)
            self.assertNotIn('is_public', record.path)
            self.assertEqual(hooks.PROJECT, record.identity.project_id)
        # The last of three that are full is followed by its last row, and nothing;
        # then what is before that has not moved.
        self.assertEqual(6, len(asked))

    def test_no_more_pages_than_are_wanted(self):
        CONF.set_override('page_size', 2, group='manila')
        self.addCleanup(CONF.clear_override, 'page_size', group='manila')
        mine = sorted(self.make_share() for _ in range(6))
        before = len(self.manila.records)
        self.assertEqual(mine[0], next(iter(self.shares.list_resources(self.ctx))).id)
        self.assertEqual(1, len(self.manila.records) - before)

    def test_shares_that_go_while_they_are_listed_move_no_others(self):
        CONF.set_override('page_size', 3, group='manila')
        self.addCleanup(CONF.clear_override, 'page_size', group='manila')
        mine = sorted(self.make_share() for _ in range(12))
        found = []
        for number, each in enumerate(self.shares.list_resources(self.ctx)):
            found.append(each.id)
            # All of the first page, and some of a later one.
            if number in (0, 1, 2, 6, 7):
                self.manila.forget('share', mine[number])
        self.assertEqual(mine, found)

    def test_bad_statuses_are_left_out_and_refused(self):
        share_id, good = self.make_share(), self.make_share()
        for status in test_protect.BAD_STATUSES:
            self.manila.set_status('share', share_id, status)
            self.assertEqual([good], self.list_ids(), status)
            error = self.assertRaises(
                exception.ResourceInvalidStatus,
                self.shares.show_resource,
                self.ctx,
                share_id,
            )
            self.assertEqual(409, error.code)
            self.assertIn(status, str(error))

    def test_shares_that_manila_is_at_are_shown(self):
        share_id = self.make_share()
        for status in ('available', *test_protect.BUSY_STATUSES):
            self.manila.set_status('share', share_id, status)
            self.assertEqual([share_id], self.list_ids(), status)
            found = self.shares.show_resource(self.ctx, share_id)
            self.assertEqual((share_id, 'data'), (found.id, found.name))

    def test_others_are_not_found(self):
        for other in (
            self.make_share(hooks.OTHER_PROJECT),
            self.make_share(hooks.OTHER_PROJECT, is_public=True),
            '0d6f3d0e-7c53-4f2a-a9d0-1c8d3c7f1a99',
        ):
            error = self.assertRaises(
                exception.ResourceNotFound, self.shares.show_resource, self.ctx, other
            )
            self.assertIn(other, str(error))

    def test_dependents_of_the_project_are_its_shares(self):
        mine = self.make_share()
        found = self.shares.get_dependent_resources(self.ctx, PROJECT)
        self.assertEqual([mine], [each.id for each in found])

    def test_nothing_else_has_dependents(self):
        self.make_share()
        for parent in (
            base.Resource('OS::Keystone::Project', hooks.OTHER_PROJECT),
            base.Resource('OS::Manila::Share', hooks.PROJECT),
        ):
            found = self.shares.get_dependent_resources(self.ctx, parent)
            self.assertEqual([], list(found))

    def test_errors_of_manila_are_no_empty_list(self):
        for code, error_class in (
            (403, exception.ShareServiceRefused),
            (404, exception.ShareServiceRefused),
            (500, exception.ShareServiceUnavailable),
            (503, exception.ShareServiceUnavailable),
        ):
            self.switches.refuse('shares.*', code)
            self.assertRaises(error_class, self.list_ids)
            if code != 404:
                self.assertRaises(
                    error_class, self.shares.show_resource, self.ctx, hooks.CHECKPOINT
                )
            self.switches.clear()


class ShareOfMemberTest(ShareTest):
    """The same for one who is no administrator."""

    roles = ('member',)

    # Who sees no others cannot make one public, nor what Manila defers.
    test_public_shares_of_others_are_not_the_projects = None
    test_others_are_not_found = None
    test_bad_statuses_are_left_out_and_refused = None


class ProjectTest(shares_case.SharesCase):
    def test_the_project_that_asks_and_no_other(self):
        made = project.ProjectPlugin()
        self.ctx.project_name = 'demo'
        expected = base.Resource('OS::Keystone::Project', hooks.PROJECT, 'demo')
        self.assertEqual('OS::Keystone::Project', made.get_resource_type())
        self.assertEqual((), made.get_parent_resource_types())
        self.assertEqual([expected], list(made.list_resources(self.ctx)))
        self.assertEqual(expected, made.show_resource(self.ctx, hooks.PROJECT))
        self.assertEqual((), made.get_dependent_resources(self.ctx, expected))
        self.assertRaises(
            exception.ResourceNotFound,
            made.show_resource,
            self.ctx,
            hooks.OTHER_PROJECT,
        )
