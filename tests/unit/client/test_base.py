"""What all commands share: several names, and parts of lists."""

import contextlib
import io
from unittest import mock

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions
import testtools

from mogan_like_client.osc import action
from mogan_like_client.osc import host
from mogan_like_client.osc import instance_verbs
from mogan_like_client.osc import inventory
from mogan_like_client.osc import quota
from tests.unit.client import commands


class _Case(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = mock.MagicMock()
        self.app = commands.make_app(self.client)

    def refuse_words(self, kind, *words):
        """What argparse tells of words."""
        told = io.StringIO()
        with contextlib.redirect_stderr(told), self.assertRaises(SystemExit):
            commands.run(kind, self.app, *words)
        return ' '.join(told.getvalue().split())


class SeveralTest(_Case):
    def delete(self, *names):
        with self.assertRaises(exceptions.CommandError) as caught:
            commands.run(inventory.DeleteFlavors, self.app, *names)
        return str(caught.exception)

    def test_what_is_told_of_one(self):
        fault = sdk_exceptions.NotFoundException('There is no flavor a: nope.')
        self.client.find_flavor.side_effect = fault
        self.assertEqual('There is no flavor a: nope.', self.delete('a: nope'))
        self.assertEqual(
            '2 of 2 failed:\na: nope: There is no flavor a: nope.\n'
            'b: There is no flavor a: nope.',
            self.delete('a: nope', 'b', 'b'),
        )


class NumbersTest(_Case):
    def test_limits_of_lists(self):
        for text in ('0', '-1', 'x', ''):
            told = self.refuse_words(inventory.ListFlavors, f'--limit={text}')
            self.assertIn(f"argument --limit: '{text}' is no number over 0", told)

    def test_seconds(self):
        for text in ('nan', 'inf', '-1', 'x', ''):
            told = self.refuse_words(
                instance_verbs.StopInstances, 'web', f'--timeout={text}'
            )
            self.assertIn(f"argument --timeout: '{text}' is no number of seconds", told)

    def test_limits_of_projects(self):
        for text in ('instances=x', 'instances='):
            told = self.refuse_words(quota.SetQuota, '--default', text)
            self.assertIn(f'{text} is not <resource>=<limit>', told)
        told = self.refuse_words(quota.SetQuota, '--default', '5')
        self.assertIn('5 is not <resource>=<limit>', told)


class ListsTest(_Case):
    def test_what_it_is_cut_by(self):
        self.client.actions.return_value = [mock.Mock(id=7, noun='action')]
        columns, rows = commands.run(
            action.SearchActions, self.app, '--limit', '2', '--marker', '9'
        )
        asked = self.client.actions.call_args.kwargs
        self.assertEqual((2, '9'), (asked['max_items'], asked['marker']))
        # What --marker takes is in the list.
        (row,) = rows
        self.assertEqual(7, dict(zip(columns, row, strict=True))['ID'])

    def test_what_a_marker_is(self):
        for kind, word in (
            (action.SearchActions, '<id>'),
            (action.ListInstanceActions, '<request-id>'),
            (inventory.ListKeypairs, '<name>'),
            (inventory.ListFlavors, '<flavor>'),
            (host.ListHostProperties, '<property>'),
            (host.ListAllocations, '<resource-id>'),
        ):
            helped = kind(self.app, None).get_parser('x').format_help()
            self.assertIn(f'--marker {word}', helped)
