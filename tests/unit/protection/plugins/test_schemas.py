"""The schemas of the protection of shares, word by word."""

import testtools

from mogan_like.common import exception
from mogan_like.protection.plugins.manila_share_snapshot import plugin
from mogan_like.protection.plugins.manila_share_snapshot import schemas
from tests import fixtures as service_fixtures

OPTIONS = {
    'title': 'Share Protection Options',
    'type': 'object',
    'properties': {
        'snapshot_name': {
            'type': 'string',
            'title': 'Snapshot Name',
            'description': 'The name of the snapshot.',
        },
        'description': {
            'type': 'string',
            'title': 'Description',
            'description': 'The description of the share snapshot.',
        },
        'force': {
            'type': 'boolean',
            'title': 'Force',
            'description': (
                "Optional flag to indicate whether to snapshot a share even if it's "
                'busy.'
            ),
            'default': False,
        },
    },
    'required': ['snapshot_name', 'description', 'force'],
}
RESTORE = {
    'title': 'Share Protection Restore',
    'type': 'object',
    'properties': {
        'share_id': {
            'type': 'string',
            'title': 'Share ID',
            'description': 'The target share ID to restore to.',
        },
        'restore_name': {
            'type': 'string',
            'title': 'Restore Name',
            'description': 'The name of the restored share.',
            'default': None,
        },
        'restore_description': {
            'type': 'string',
            'title': 'Restore Description',
            'description': 'The description of the restored share.',
            'default': None,
        },
    },
}


class SchemasTest(testtools.TestCase):
    maxDiff = None

    def test_options(self):
        self.assertEqual(OPTIONS, schemas.OPTIONS_SCHEMA)

    def test_restore_has_one_property_more(self):
        shown = dict(schemas.RESTORE_SCHEMA)
        properties = dict(shown.pop('properties'))
        access = properties.pop('restore_access')
        self.assertEqual(RESTORE, {**shown, 'properties': properties})
        self.assertEqual(('boolean', False), (access['type'], access['default']))

    def test_the_plugin_shows_them(self):
        self.useFixture(service_fixtures.Config())
        made = plugin.ManilaShareSnapshotPlugin()
        self.assertEqual(('OS::Manila::Share',), made.get_supported_resource_types())
        for shown, expected in (
            (made.get_options_schema, schemas.OPTIONS_SCHEMA),
            (made.get_restore_schema, schemas.RESTORE_SCHEMA),
            (made.get_saved_info_schema, schemas.SAVED_INFO_SCHEMA),
        ):
            self.assertIs(expected, shown('OS::Manila::Share'))

    def test_copies_are_refused(self):
        self.useFixture(service_fixtures.Config())
        made = plugin.ManilaShareSnapshotPlugin()
        error = self.assertRaises(
            exception.CopyNotSupported, made.get_copy_operation, None
        )
        self.assertEqual(400, error.code)
        self.assertIn('manila-share-snapshot', str(error))
