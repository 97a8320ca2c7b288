"""What the fake's options take and refuse."""

import unittest

import fixtures
from oslo_config import cfg

from mogan_like.instances.drivers import fake_conf


def read(test, text):
    """The group as read from a configuration file."""
    path = test.useFixture(fixtures.TempDir()).join('fake.conf')
    with open(path, 'w') as file:
        file.write('[fake]\n' + text)
    conf = cfg.ConfigOpts()
    fake_conf.register_opts(conf)
    fake_conf.register_opts(conf)
    conf(['--config-file', path])
    return conf.fake


class TestOptions(fixtures.TestWithFixtures, unittest.TestCase):
    def test_defaults(self):
        conf = read(self, '')
        self.assertEqual(4, conf.nodes)
        self.assertEqual('baremetal', conf.resource_class)
        self.assertEqual('16', conf.node_properties['cpus'])
        self.assertEqual({}, conf.step_seconds)
        self.assertEqual([], conf.fail_steps)
        self.assertIsNone(conf.state_dir)

    def test_values(self):
        conf = read(
            self,
            'nodes = 0\n'
            'step_seconds = write_image:2.5,delete.wipe:1\n'
            'fail_steps = build.write_image:1, '
            'delete.wipe:2:temporary\n',
        )
        self.assertEqual(0, conf.nodes)
        self.assertEqual({'write_image': 2.5, 'delete.wipe': 1}, conf.step_seconds)
        self.assertEqual(
            ['build.write_image:1', 'delete.wipe:2:temporary'], conf.fail_steps
        )

    def test_what_could_not_work_is_refused(self):
        for text in (
            'nodes = -1',
            'nodes = 1000001',
            'step_seconds = deploy:1',
            'step_seconds = wipe:-1',
            'step_seconds = wipe:86401',
            'step_seconds = wipe:soon',
            'fail_steps = deploy',
            'fail_steps = wipe:1',
            'fail_steps = build.wipe:1',
            'fail_steps = build.write_image:-1',
            'fail_steps = build.write_image:often',
            'fail_steps = build.write_image:temporary:1',
            'fail_steps = build.write_image:1:error:more',
        ):
            with self.subTest(text), self.assertRaises(ValueError):
                getattr(read(self, text), text.split()[0])

    def test_the_refusal_names_the_steps(self):
        with self.assertRaisesRegex(ValueError, 'build.write_image, delete'):
            _ = read(self, 'fail_steps = build.deploy').fail_steps

    def test_every_option_is_listed_with_a_text(self):
        ((group, options),) = fake_conf.list_opts()
        self.assertEqual('fake', group)
        self.assertTrue(all(option.help for option in options))


class TestParseFailure(unittest.TestCase):
    def test_every_form(self):
        for text, times, kind in (
            ('delete.wipe', None, 'error'),
            ('delete.wipe:always', None, 'error'),
            ('delete.wipe:3', 3, 'error'),
            ('delete.wipe:0', 0, 'error'),
            ('delete.wipe:temporary', None, 'temporary'),
            ('delete.wipe:always:bug', None, 'bug'),
            ('delete.wipe:3:temporary', 3, 'temporary'),
        ):
            with self.subTest(text):
                self.assertEqual(
                    fake_conf.Failure('delete.wipe', times, kind),
                    fake_conf.parse_failure(text),
                )
