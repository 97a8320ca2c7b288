"""Keypairs, limits and extensions: requests, then answers."""

from mogan_like.api.schemas import INTEGER
from mogan_like.api.schemas import NULL
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import closed
from mogan_like.compute.schemas.grow import collect
from mogan_like.compute.schemas.grow import grow
from mogan_like.compute.schemas.grow import wrap
from mogan_like.instances.schemas import accounts

_OURS = accounts.CREATE_KEYPAIR['properties']
_SSH = {'enum': ['ssh']}
#: Nova's: clients put it into a path as it is.
_NAME = {**_OURS['name'], 'pattern': r'^(?! )[0-9A-Za-z_ -]*[0-9A-Za-z_-]$'}
#: From 2.92 on there may be ``.`` and ``@`` in it, but no segment of a path alone.
_NAME_92 = {
    **_OURS['name'],
    'pattern': r'^(?! )(?!\.\.?$)[0-9A-Za-z@._ -]*[0-9A-Za-z@._-]$',
}

CREATE_KEYPAIR = wrap(
    'keypair',
    grow(
        {
            '2.1': {'name': _NAME, 'public_key?': _OURS['public_key']},
            '2.2': {'type?': _SSH},
            '2.10': {'user_id?': _OURS['user_id']},
            '2.92': {'name': _NAME_92, 'public_key': _OURS['public_key']},
        }
    ),
)

_SUMMARY = {
    '2.1': {'name': STRING, 'public_key': STRING, 'fingerprint': STRING},
    '2.2': {'type': _SSH},
}
KEYPAIRS = collect(
    'keypairs', wrap('keypair', grow(_SUMMARY)), 'keypairs_links', '2.35'
)
KEYPAIR = wrap(
    'keypair',
    grow(
        {
            **_SUMMARY,
            '2.1': {
                **_SUMMARY['2.1'],
                'id': INTEGER,
                'user_id': STRING,
                'created_at': TIME,
                'updated_at': NULL,
                'deleted': {'enum': [False]},
                'deleted_at': NULL,
            },
        }
    ),
)
CREATED_KEYPAIR = wrap(
    'keypair',
    grow(
        {
            **_SUMMARY,
            '2.1': {**_SUMMARY['2.1'], 'user_id': STRING, 'private_key?': STRING},
            '2.92': {'private_key': None},
        }
    ),
)

_NUMBERS = (
    'maxServerMeta',
    'maxTotalInstances',
    'maxTotalKeypairs',
    'totalInstancesUsed',
    'maxTotalCores',
    'maxTotalRAMSize',
    'maxServerGroups',
    'maxServerGroupMembers',
    'totalCoresUsed',
    'totalRAMUsed',
    'totalServerGroupsUsed',
)
_OF_NETWORKS = (
    'maxSecurityGroups',
    'maxSecurityGroupRules',
    'maxTotalFloatingIps',
    'totalFloatingIpsUsed',
    'totalSecurityGroupsUsed',
)
_OF_PERSONALITY = ('maxPersonality', 'maxPersonalitySize')
_ABSOLUTE = grow(
    {
        '2.1': dict.fromkeys(
            (*_NUMBERS, *_OF_NETWORKS, 'maxImageMeta', *_OF_PERSONALITY), INTEGER
        ),
        '2.36': dict.fromkeys(_OF_NETWORKS),
        '2.39': {'maxImageMeta': None},
        '2.57': dict.fromkeys(_OF_PERSONALITY),
    }
)
_NO_RATES = {'type': 'array', 'maxItems': 0, 'items': {}}
LIMITS = {
    version: closed({'limits': closed({'rate': _NO_RATES, 'absolute': schema})})
    for version, schema in _ABSOLUTE.items()
}

_EXTENSION = closed(
    {
        'alias': STRING,
        'name': STRING,
        'description': STRING,
        'links': {'type': 'array', 'maxItems': 0, 'items': {}},
        'namespace': STRING,
        'updated': STRING,
    }
)
EXTENSIONS = closed({'extensions': {'type': 'array', 'items': _EXTENSION}})
