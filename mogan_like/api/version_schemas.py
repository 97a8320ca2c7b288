"""The documents in which a client finds the versions that are served."""

from mogan_like.api import versions
from mogan_like.api.schemas import LINKS
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import closed

_VERSION = {'type': 'string', 'pattern': r'^\d+\.\d+$'}
_MEDIA_TYPES = {
    'type': 'array',
    'minItems': 1,
    'items': closed({'base': {'enum': ['application/json']}, 'type': STRING}),
}


def _describe(name, **more):
    return closed(
        {
            'id': {'enum': [name]},
            'status': {'enum': ['CURRENT']},
            'version': _VERSION,
            'min_version': _VERSION,
            'links': {**LINKS, 'minItems': 1},
            'media-types': _MEDIA_TYPES,
            **more,
        }
    )


_V1 = _describe('v1')
_COMPUTE = _describe(versions.COMPUTE_ROOT, updated=STRING)

V1 = closed({'version': _V1})
COMPUTE = closed({'version': _COMPUTE})
BOTH = closed(
    {
        'versions': {
            'type': 'array',
            'minItems': 2,
            'maxItems': 2,
            'items': {'oneOf': [_V1, _COMPUTE]},
        }
    }
)
