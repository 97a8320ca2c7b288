"""What plans and restores may say of a share."""

OPTIONS_SCHEMA = {
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
            'description': 'Optional flag to indicate whether to snapshot a share '
            "even if it's busy.",
            'default': False,
        },
    },
    'required': ['snapshot_name', 'description', 'force'],
}

RESTORE_SCHEMA = {
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
        'restore_access': {
            'type': 'boolean',
            'title': 'Restore Access',
            'description': 'Whether the access rules that the share had are put on '
            'the restored share.',
            'default': False,
        },
    },
}

SAVED_INFO_SCHEMA = {
    'title': 'Share Protection Saved Info',
    'type': 'object',
    'properties': {
        'share_id': {'type': 'string', 'title': 'Share ID'},
        'size': {'type': 'integer', 'title': 'Size', 'description': 'In GiB.'},
        'share_proto': {'type': 'string', 'title': 'Share Protocol'},
        'share_type': {'type': ['string', 'null'], 'title': 'Share Type'},
        'share_network_id': {'type': ['string', 'null'], 'title': 'Share Network ID'},
        'snapshot_id': {'type': 'string', 'title': 'Snapshot ID'},
        'access_rules': {'type': 'array', 'title': 'Access Rules'},
    },
}
