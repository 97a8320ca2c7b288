"""Keypairs and quotas: requests, then answers."""

from mogan_like.api.schemas import INTEGER
from mogan_like.api.schemas import NAME
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import TIME
from mogan_like.api.schemas import closed
from mogan_like.api.schemas import collection

CREATE_KEYPAIR = closed(
    {
        # A name is a segment of a path; clients resolve . and .. themselves.
        'name': {
            'type': 'string',
            'minLength': 1,
            'maxLength': 255,
            'pattern': r'^(?!\.\.?$)[^/\s](?:[^/]*[^/\s])?$',
        },
        'public_key': {'type': 'string', 'minLength': 1, 'maxLength': 16384},
        'type': {'enum': ['ssh']},
        'user_id': {**NAME, 'maxLength': 64},
    },
    ['name'],
)

_LIMIT = {'type': 'integer', 'minimum': -1, 'maximum': 2**31 - 1}
# Folders above count more than is known here; the route looks at their names.
_SOME_LIMITS = {
    **closed({'instances': _LIMIT, 'keypairs': _LIMIT}, []),
    'additionalProperties': _LIMIT,
    'minProperties': 1,
}
UPDATE_QUOTA = closed({'quota': _SOME_LIMITS})
UPDATE_QUOTA_CLASS = closed({'quota_class': _SOME_LIMITS})

_KEYPAIR = {
    'name': STRING,
    'type': STRING,
    'fingerprint': STRING,
    'public_key': STRING,
    'user_id': STRING,
    'created_at': TIME,
}
KEYPAIR = closed(_KEYPAIR)
CREATED_KEYPAIR = closed({**_KEYPAIR, 'private_key': STRING_OR_NULL}, list(_KEYPAIR))
KEYPAIRS = collection('keypairs', KEYPAIR)

_QUOTA = {
    **closed({'instances': INTEGER, 'keypairs': INTEGER}),
    'additionalProperties': INTEGER,
}
QUOTA = closed({'quota': _QUOTA})
QUOTA_CLASS = closed({'quota_class': _QUOTA})
_DETAIL = closed({'limit': INTEGER, 'in_use': INTEGER, 'reserved': INTEGER})
QUOTA_DETAIL = closed(
    {'quota': {**closed({'instances': _DETAIL}), 'additionalProperties': _DETAIL}}
)
_USE = closed({'limit': INTEGER, 'used': INTEGER})
_LIMITS = closed({'instances': _USE, 'keypairs': _USE})
LIMITS = closed({'limits': {**_LIMITS, 'additionalProperties': _USE}})
