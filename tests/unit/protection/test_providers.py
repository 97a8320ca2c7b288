"""Files of providers, and what is wrong with them."""

import configparser
from pathlib import Path
import re
import textwrap

import fixtures
from oslo_config import cfg
import testtools

from mogan_like.common import plugins
from mogan_like.common.config import CONF
from mogan_like.protection import providers
from mogan_like.protection.banks import base as banks_base
from mogan_like.protection.plugins import base
from tests import fixtures as service_fixtures

ONE = '8c9d6f0e-3b5a-4c59-9f60-6f2f5f0c7a11'
THIRD = '6f2c1a52-5c8d-4f43-9a8e-2b1c3d4e5f60'
FOURTH = '0b1f7f3e-8a63-4f0d-9d0c-2c6a5f1e7d42'
OTHER = 'cf56bd3e-97a7-4078-b6d5-f36246333fd9'
SHIPPED = Path(__file__).parents[3] / 'etc/mogan_like/providers.d'


class Plugin(base.ProtectionPlugin):
    """Protects one type."""

    options = [cfg.IntOpt('patience', default=3, min=1)]
    types = ('a',)

    def get_supported_resource_types(self):
        return self.types

    def get_options_schema(self, resource_type):
        return {'title': f'options of {resource_type}'}

    def get_restore_schema(self, resource_type):
        return {'title': f'restore of {resource_type}'}

    get_protect_operation = get_restore_operation = None
    get_delete_operation = get_verify_operation = None


class OtherPlugin(Plugin):
    types = ('b', 'c')


class Bank(banks_base.Bank):
    options = [cfg.StrOpt('path', required=True), cfg.BoolOpt('shared', default=False)]
    put = get = delete = list = None


_ENTRY_POINTS = {
    (base.PROTECTIONS, 'one'): Plugin,
    (base.PROTECTIONS, 'two'): OtherPlugin,
    (base.PROTECTIONS, 'again'): Plugin,
    (banks_base.NAMESPACE, 'filesystem'): Bank,
}


def _load(namespace, name):
    if (namespace, name) not in _ENTRY_POINTS:
        raise plugins.PluginNotFound(namespace=namespace, name=name, names='one, two')
    return _ENTRY_POINTS[namespace, name]


class ProvidersTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = Path(self.useFixture(fixtures.TempDir()).path)
        self.useFixture(
            service_fixtures.Config(protection__providers_dir=str(self.folder))
        )
        self.useFixture(fixtures.MonkeyPatch('mogan_like.common.plugins.load', _load))
        self.log = self.useFixture(fixtures.FakeLogger())

    def write(self, text, name='one.conf'):
        (self.folder / name).write_text(textwrap.dedent(text))

    def write_good(self, name='one.conf', provider_id=ONE, more=''):
        self.write(
            f"""\
            [provider]
            id = {provider_id}
            name = One
            description = The first.
            plugin = one
            plugin = two
            {more}

            [filesystem]
            path = /bank
            """,
            name,
        )

    def assert_blamed(self, text, line, reason):
        """Exactly this line is blamed, and another file works."""
        self.write(text, 'bad.conf')
        self.write_good('good.conf', OTHER)
        self.assertEqual([OTHER], list(providers.load()))
        self.assertIn(f'{self.folder}/bad.conf:{line}: ', self.log.output)
        self.assertIn(reason, self.log.output)

    def test_all_that_a_file_may_say(self):
        self.write(
            f"""\
            # A comment.
            [provider]
            id = {ONE}
            name = One
            description = The first.
            plugin = one
            plugin = two
            bank = filesystem
            enabled = no

            [one]
            patience = 7

            [filesystem]
            path = /bank
            shared = yes
            """
        )
        found = providers.load()[ONE]
        self.assertEqual(
            (ONE, 'One', 'The first.', False),
            (found.id, found.name, found.description, found.enabled),
        )
        self.assertEqual([Plugin, OtherPlugin], [type(each) for each in found.plugins])
        self.assertEqual(
            [7, 3], [plugin.get_option('patience') for plugin in found.plugins]
        )
        self.assertEqual('/bank', found.bank.options_set.path)
        self.assertIs(True, found.bank.options_set.shared)
        self.assertIs(found.plugins[1], found.find_plugin('c'))
        self.assertIsNone(found.find_plugin('d'))

    def test_what_is_not_said(self):
        self.write_good()
        found = providers.load()[ONE]
        self.assertIs(True, found.enabled)
        self.assertIs(False, found.bank.options_set.shared)

    def test_schemas_as_karbor_shows_them(self):
        self.write_good()
        shown = providers.load()[ONE].get_extended_info_schema()
        self.assertEqual(
            {'options_schema', 'restore_schema', 'saved_info_schema'}, set(shown)
        )
        for schemas in shown.values():
            self.assertEqual({'a', 'b', 'c'}, set(schemas))
        self.assertEqual({'title': 'restore of b'}, shown['restore_schema']['b'])

    def test_only_files_that_end_in_conf(self):
        self.write_good('one.conf.bak')
        self.assertEqual({}, providers.load())
        self.assertIn('There are no providers', self.log.output)

    def test_two_files_of_one_id(self):
        self.write_good('1.conf')
        self.write_good('2.conf')
        self.assertEqual([ONE], list(providers.load()))
        self.assertIn('2.conf:2: the provider One has this id', self.log.output)

    def test_no_section(self):
        self.assert_blamed('', 1, 'there is no [provider]')

    def test_what_is_no_assignment(self):
        self.assert_blamed('[provider]\nid\n', 2, 'assignment')

    def test_an_assignment_in_no_section(self):
        self.assert_blamed('id = 1\n[provider]\n', 1, 'id is in no section')

    def test_a_section_twice(self):
        self.assert_blamed('[provider]\n\n[provider]\n', 3, 'is there twice')

    def test_an_id_that_is_none(self):
        self.assert_blamed('[provider]\nname = x\nid = 7\n', 3, '7 is not a UUID')

    def test_an_id_as_others_write_it(self):
        for number, text in enumerate(
            (
                ONE.upper(),
                '{' + OTHER + '}',
                f'urn:uuid:{THIRD}',
                FOURTH.replace('-', ''),
            )
        ):
            self.write_good(f'{number}.conf', text)
        self.assertEqual([ONE, OTHER, THIRD, FOURTH], list(providers.load()))

    def test_an_id_twice_in_two_spellings(self):
        self.write_good()
        self.write_good('two.conf', ONE.upper())
        self.assertEqual([ONE], list(providers.load()))
        self.assertIn('two.conf:2: the provider One has this id', self.log.output)

    def test_no_name(self):
        self.assert_blamed(
            f'\n[provider]\nid = {ONE}\n', 2, '[provider]name is not set'
        )

    def test_a_key_that_is_not_known(self):
        self.assert_blamed('[provider]\nplugins = one\n', 2, 'no option plugins')

    def test_a_key_twice(self):
        self.assert_blamed(
            f'[provider]\nid = {ONE}\nname = x\nname = y\n', 4, 'name is set twice'
        )

    def _write_rest(self, *lines):
        return '\n'.join(['[provider]', f'id = {ONE}', 'name = One', *lines, ''])

    def test_no_plugin(self):
        self.assert_blamed(self._write_rest(), 1, 'needs a plugin')

    def test_a_plugin_that_is_not_there(self):
        text = self._write_rest('plugin = one', 'plugin = three')
        self.assert_blamed(text, 5, "no plugin 'three'")

    def test_two_plugins_for_one_type(self):
        text = self._write_rest('plugin = one', '', 'plugin = again')
        self.assert_blamed(text, 6, 'a is protected by one already')

    def test_a_bank_that_is_not_there(self):
        text = self._write_rest('plugin = one', 'bank = river')
        self.assert_blamed(text, 5, "no plugin 'river'")

    def test_an_option_of_the_bank_that_is_not_set(self):
        text = self._write_rest('plugin = one', '[filesystem]', 'shared = yes')
        self.assert_blamed(text, 5, '[filesystem]path is not set')

    def test_values_of_the_wrong_type(self):
        text = self._write_rest('plugin = one', '[one]', 'patience = 0')
        self.assert_blamed(text, 6, '[one]patience')
        text = self._write_rest(
            'enabled = perhaps', 'plugin = one', '[filesystem]', 'path = /bank'
        )
        self.assert_blamed(text, 4, 'enabled: ')

    def test_a_section_of_nobody(self):
        text = self._write_rest(
            'plugin = one', '[filesystem]', 'path = /bank', '[swift]', 'cloud = here'
        )
        self.assert_blamed(text, 7, '[swift] is no plugin or bank')

    def test_a_file_that_is_no_text(self):
        (self.folder / 'bad.conf').write_bytes(b'[provider]\n\xff\xfe\n')
        self.write_good('good.conf', OTHER)
        self.assertEqual([OTHER], list(providers.load()))
        self.assertIn('bad.conf', self.log.output)

    def test_a_plugin_that_cannot_be_made(self):
        class Broken(Plugin):
            def __init__(self, own=None):
                raise ZeroDivisionError

        self.useFixture(
            fixtures.MonkeyPatch(
                'mogan_like.common.plugins.load',
                lambda namespace, name: (
                    Broken if name == 'again' else _load(namespace, name)
                ),
            )
        )
        self.write(self._write_rest('plugin = again'), 'bad.conf')
        self.write_good('good.conf', OTHER)
        self.assertEqual([OTHER], list(providers.load()))
        self.assertIn('bad.conf', self.log.output)


class ShippedProvidersTest(testtools.TestCase):
    def load(self, folder):
        """{name: provider} of the files in a folder, none of which is left out."""
        self.useFixture(service_fixtures.Config(protection__providers_dir=str(folder)))
        log = self.useFixture(fixtures.FakeLogger())
        found = {each.name: each for each in providers.load().values()}
        self.assertEqual('', log.output)
        self.assertEqual({'Manila shares', 'Noop'}, set(found))
        return found

    def test_they_are_read_and_protect_what_they_say(self):
        found = self.load(SHIPPED)
        for name, resource_type in (
            ('Manila shares', 'OS::Manila::Share'),
            ('Noop', 'OS::Noop::Resource'),
        ):
            self.assertEqual([resource_type], list_types(found[name]))
            self.assertTrue(found[name].enabled)
            self.assertFalse(found[name].bank.is_shared)

    def test_what_is_commented_out_is_at_its_default(self):
        folder = Path(self.useFixture(fixtures.TempDir()).path)
        for path in SHIPPED.glob('*.conf'):
            text = re.sub(r'(?m)^# (\w+ = )', r'\1', path.read_text())
            (folder / path.name).write_text(text)
        found = self.load(folder)
        (plugin,) = found['Manila shares'].plugins
        defaults = {option.dest: option.default for option in plugin.options}
        self.assertEqual(defaults, plugin.own)
        for each in found.values():
            said = each.bank.options_set
            self.assertEqual(
                (CONF.protection.bank_dir, False, True),
                (said.path, said.shared, each.enabled),
            )

    def test_they_are_installed(self):
        top = SHIPPED.parents[2]
        setup = configparser.ConfigParser()
        setup.read(top / 'setup.cfg')
        # FOLDER = PATTERN in one line each, or pbr takes the pattern for a file.
        lines = setup['files']['data_files'].strip().splitlines()
        folders = dict(line.split(' = ') for line in lines)
        pattern = folders['etc/mogan_like/providers.d']
        self.assertEqual(set(SHIPPED.iterdir()), set(top.glob(pattern)))


def list_types(provider):
    return list(provider.get_extended_info_schema()['options_schema'])
