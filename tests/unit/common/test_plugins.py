"""Plugins are found by name; a broken one does not take the others along."""

import importlib.metadata
import json
import logging
import os
import subprocess
import sys
import unittest
import uuid

import fixtures
from stevedore import extension

from mogan_like.common import plugins


class PluginsTestCase(fixtures.TestWithFixtures):
    """Entry points that only this test sees."""

    def setUp(self):
        super().setUp()
        self.namespace = f'tests.{uuid.uuid4().hex}'

    def register(self, **values):
        """Entry points, ``name=value`` or ``name=[value, value]``."""
        entry_points = []
        for name, value in values.items():
            for each in value if isinstance(value, list) else [value]:
                entry_points.append(
                    importlib.metadata.EntryPoint(name, each, self.namespace)
                )
        # What stevedore remembers of a namespace that it has read once.
        cache = extension.ExtensionManager.ENTRY_POINT_CACHE
        cache[self.namespace] = entry_points
        self.addCleanup(cache.pop, self.namespace, None)


class TestLoad(PluginsTestCase, unittest.TestCase):
    def test_by_name(self):
        self.register(one='collections:OrderedDict', two='decimal:Decimal')
        self.assertEqual('Decimal', plugins.load(self.namespace, 'two').__name__)

    def test_an_unknown_name_is_told_the_names_there_are(self):
        self.register(two='decimal:Decimal', one='no_such_module:Thing')
        with self.assertRaises(plugins.PluginNotFound) as refused:
            plugins.load(self.namespace, 'oen')
        self.assertEqual(
            f"There is no plugin 'oen' in {self.namespace}; there are: one, two.",
            str(refused.exception),
        )

    def test_no_plugin_at_all(self):
        self.register()
        with self.assertRaisesRegex(plugins.PluginNotFound, 'are: none'):
            plugins.load(self.namespace, 'one')

    def test_a_broken_one_raises_its_cause_and_is_named(self):
        self.register(broken='no_such_module:Thing')
        with self.assertRaises(ModuleNotFoundError) as raised:
            plugins.load(self.namespace, 'broken')
        self.assertEqual('no_such_module', raised.exception.name)
        self.assertEqual(
            [f"while loading plugin 'broken' of {self.namespace}"],
            raised.exception.__notes__,
        )

    def test_a_missing_class_raises_its_cause(self):
        self.register(broken='decimal:NoSuchClass')
        with self.assertRaisesRegex(AttributeError, 'NoSuchClass'):
            plugins.load(self.namespace, 'broken')

    def test_a_broken_one_does_not_stop_another(self):
        self.register(broken='no_such_module:Thing', two='decimal:Decimal')
        self.assertTrue(plugins.load(self.namespace, 'two'))

    def test_a_name_that_two_packages_claim_is_nobodys(self):
        self.register(one=['decimal:Decimal', 'fractions:Fraction'])
        with self.assertRaisesRegex(
            plugins.PluginConflict, 'decimal:Decimal, fractions:Fraction'
        ):
            plugins.load(self.namespace, 'one')


class TestLoadAll(PluginsTestCase, unittest.TestCase):
    def test_a_broken_one_is_logged_and_the_others_live(self):
        self.register(
            two='decimal:Decimal',
            broken='no_such_module:Thing',
            missing='decimal:NoSuchClass',
            doubled=['decimal:Decimal', 'fractions:Fraction'],
            one='collections:OrderedDict',
        )
        with self.assertLogs(plugins.__name__, logging.ERROR) as logged:
            loaded = plugins.load_all(self.namespace)
        self.assertEqual(['one', 'two'], list(loaded))
        self.assertEqual(
            ['broken', 'doubled', 'missing'],
            [record.args[0] for record in logged.records],
        )
        self.assertTrue(all(record.exc_info for record in logged.records))

    def test_names_are_those_registered(self):
        self.register(two='decimal:Decimal', broken='no_such_module:Thing')
        self.assertEqual(['broken', 'two'], plugins.list_names(self.namespace))


class TestInstalledPackages(fixtures.TestWithFixtures, unittest.TestCase):
    def test_plugins_of_an_installed_package_are_found(self):
        site = self.useFixture(fixtures.TempDir()).path
        package = os.path.join(site, 'someones_plugin-1.0.dist-info')
        os.mkdir(package)
        for name, text in (
            (
                'METADATA',
                'Metadata-Version: 2.1\nName: someones-plugin\nVersion: 1.0\n',
            ),
            (
                'entry_points.txt',
                '[tests.someones]\n'
                'good = decimal:Decimal\n'
                'broken = no_such_module:Thing\n',
            ),
        ):
            with open(os.path.join(package, name), 'w') as file:
                file.write(text)
        found = subprocess.run(
            [
                sys.executable,
                '-c',
                'import json; from mogan_like.common import plugins; '
                'print(json.dumps([plugins.list_names("tests.someones"), '
                'list(plugins.load_all("tests.someones"))]))',
            ],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
            # stevedore writes down what it has found, elsewhere for tests.
            env={
                **os.environ,
                'XDG_CACHE_HOME': site,
                'PYTHONPATH': os.pathsep.join([site, os.getcwd()]),
            },
        )
        self.assertEqual([['broken', 'good'], ['good']], json.loads(found.stdout))
