"""The emulated Manila answers what the real one answers.

Each story is played against both with the real manilaclient. What is different and
has to be is listed in manila_stories/differences.py.
"""

import testtools

from tests.emulators.manila import fixture
from tests.integration import keystone
from tests.integration import manila
from tests.integration.manila_stories import access
from tests.integration.manila_stories import compare
from tests.integration.manila_stories import differences
from tests.integration.manila_stories import player
from tests.integration.manila_stories import quotas
from tests.integration.manila_stories import service
from tests.integration.manila_stories import shares
from tests.integration.manila_stories import snapshots
from tests.integration.manila_stories import types
from tests.integration.manila_stories import versions


class StoryCase(testtools.TestCase):
    """Plays stories."""

    def setUp(self):
        super().setUp()
        self.keystone = self.useFixture(keystone.Keystone(self))
        self.real = self.useFixture(manila.Manila(self, self.keystone))
        self.emulated = self.useFixture(
            fixture.Manila(keystone=self.keystone.auth_options())
        )
        # Longer than the looks that a story takes in passing.
        self.emulated.switches.stay('*', shown=3)

    def play(self, story):
        """Play a story against both, and compare what they answered."""
        # The two Manilas know nothing of each other: the projects serve both.
        cast = player.Cast(
            self.keystone, lambda: self.useFixture(manila.Project(self.keystone))
        )
        plays = []
        # The real one has other things to do than to be asked.
        for server, pause in ((self.real, 0.1), (self.emulated, 0.001)):
            plays.append(player.Player(server.url, cast, pause))
            story(plays[-1])
        name = f'{story.__module__.rpartition(".")[2]}.{story.__name__}'
        known = differences.DIFFERENCES.get(name, {})
        compared = compare.Comparison(*plays, known)
        self.assertEqual([], compared.found, '\n'.join(compared.found))
        self.assertEqual(set(), compared.unused)


class ServiceTest(StoryCase):
    def test_every_call(self):
        self.play(service.every_call)


class VersionsTest(StoryCase):
    def test_negotiation(self):
        self.play(versions.negotiate)

    def test_no_such_call(self):
        self.play(versions.no_such_call)

    def test_tokens(self):
        self.play(versions.tokens)

    def test_every_change(self):
        self.play(versions.every_change)


class SharesTest(StoryCase):
    def test_life(self):
        self.play(shares.live)

    def test_refused(self):
        self.play(shares.refuse_to_make)

    def test_lists(self):
        self.play(shares.find)

    def test_pages_while_deleting(self):
        self.play(shares.pages_while_deleting)

    def test_permissions(self):
        self.play(shares.permissions)

    def test_old_actions(self):
        self.play(shares.old_actions)


class SnapshotsTest(StoryCase):
    def test_life(self):
        self.play(snapshots.live)

    def test_statuses(self):
        self.play(snapshots.statuses)

    def test_force_delete(self):
        self.play(snapshots.force_delete)

    def test_refused(self):
        self.play(snapshots.refuse_to_make)

    def test_lists(self):
        self.play(snapshots.find)

    def test_share_from_snapshot(self):
        self.play(snapshots.share_from)

    def test_smaller_than_the_snapshot(self):
        self.play(snapshots.smaller_than)

    def test_type_without_copies(self):
        self.play(snapshots.type_without_copies)

    def test_revert(self):
        self.play(snapshots.revert)


class AccessTest(StoryCase):
    def test_life(self):
        self.play(access.live)

    def test_refused(self):
        self.play(access.refuse)

    def test_failing(self):
        self.play(access.fail)

    def test_before_rules_had_states(self):
        self.play(access.before_rules_had_states)


class TypesTest(StoryCase):
    def test_life(self):
        self.play(types.live)

    def test_default(self):
        self.play(types.default)

    def test_networks(self):
        self.play(types.networks)


class QuotasTest(StoryCase):
    def test_show_and_set(self):
        self.play(quotas.show_and_set)

    def test_exceed(self):
        self.play(quotas.exceed)
