"""Versions of the API that are asked for, and those that are needed."""

import types
from unittest import mock

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions
import testtools

from mogan_like_client.osc import action
from mogan_like_client.osc import instance
from mogan_like_client.osc import instance_verbs
from mogan_like_client.osc import plugin
from tests.unit.client import commands


class AskedTest(testtools.TestCase):
    def test_what_is_a_version(self):
        for version in ('1', '1.1', '1.10', '1.99'):
            self.assertTrue(plugin.check_api_version(version), version)

    def test_what_is_none(self):
        for version in ('latest', '2', '2.1', 'abc', '1.', '1.x', '1.01', '1.1.1', '١'):
            error = self.assertRaises(
                exceptions.CommandError, plugin.check_api_version, version
            )
            self.assertEqual(
                '--os-baremetal-compute-api-version, or '
                f'OS_BAREMETAL_COMPUTE_API_VERSION: there is no version {version}. 1 '
                'takes what is newest here and there, 1.4 that microversion.',
                str(error),
            )


class NeededTest(testtools.TestCase):
    def refuse(self, kind, *words, status=404, asked=None, newest=(1, 2)):
        """What is told of a refusal.

        :param asked: the version that the user asked for
        :param newest: that the service has
        """
        client = mock.MagicMock(default_microversion=asked)
        client.get_endpoint_data.return_value = types.SimpleNamespace(
            min_microversion=(1, 1), max_microversion=newest
        )
        refusal = sdk_exceptions.HttpException('No.', http_status=status)
        client.get_instance_lock.side_effect = refusal
        client.actions.side_effect = client.instances.side_effect = refusal
        with self.assertRaises(exceptions.CommandError) as caught:
            commands.run(kind, commands.make_app(client), *words)
        return str(caught.exception)

    def test_a_service_that_is_too_old(self):
        told = self.refuse(instance_verbs.ShowInstanceLock, 'web')
        expected = 'No.\nThis needs version 1.4 of the API, and 1.2 is the newest that '
        self.assertEqual(expected + 'the service has.', told)
        for flag in ('--locked', '--unlocked'):
            told = self.refuse(instance.ListInstances, flag, newest=(1, 1))
            self.assertIn('This needs version 1.2 of the API', told)
        for asked in (None, '1.1'):
            told = self.refuse(instance.ListInstances, asked=asked, newest=(1, 1))
            self.assertEqual('No.', told)
        told = self.refuse(action.SearchActions)
        self.assertIn('This needs version 1.5 of the API', told)

    def test_what_was_asked_for_is_too_old(self):
        told = self.refuse(
            instance_verbs.ShowInstanceLock, 'web', asked='1.3', newest=(1, 6)
        )
        expected = 'No.\nThis needs version 1.4 of the API, and 1.3 was asked for.'
        self.assertEqual(expected, told)

    def test_other_refusals(self):
        for status, newest in (
            (404, (1, 4)),
            (404, (1, 10)),
            (404, None),
            (403, (1, 2)),
        ):
            told = self.refuse(
                instance_verbs.ShowInstanceLock, 'web', status=status, newest=newest
            )
            self.assertEqual('No.', told)
