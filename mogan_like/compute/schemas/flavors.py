"""Flavors: answers only, they are made on /v1."""

from mogan_like.api.schemas import BOOLEAN
from mogan_like.api.schemas import INTEGER
from mogan_like.api.schemas import LINKS
from mogan_like.api.schemas import STRING
from mogan_like.api.schemas import STRING_OR_NULL
from mogan_like.api.schemas import UUID
from mogan_like.api.schemas import closed
from mogan_like.compute.schemas.grow import collect
from mogan_like.compute.schemas.grow import grow
from mogan_like.compute.schemas.grow import wrap

#: Nova's numbers; 0 where nobody knows.
SIZE = {**INTEGER, 'minimum': 0, 'maximum': 2**31 - 1}
_EXTRA_SPECS = {'type': 'object', 'additionalProperties': STRING}
_SUMMARY = {
    '2.1': {'id': UUID, 'name': STRING, 'links': LINKS},
    '2.55': {'description': STRING_OR_NULL},
}
_DETAIL = {
    **_SUMMARY,
    '2.1': {
        **_SUMMARY['2.1'],
        'vcpus': SIZE,
        'ram': SIZE,
        'disk': SIZE,
        'swap': {'enum': ['']},
        'rxtx_factor': {'type': 'number'},
        'OS-FLV-EXT-DATA:ephemeral': INTEGER,
        'OS-FLV-DISABLED:disabled': BOOLEAN,
        'os-flavor-access:is_public': BOOLEAN,
    },
    '2.61': {'extra_specs': _EXTRA_SPECS},
    '2.75': {'swap': INTEGER},
}

SUMMARIES = collect('flavors', grow(_SUMMARY), 'flavors_links')
DETAILS = collect('flavors', grow(_DETAIL), 'flavors_links')
SHOWN = wrap('flavor', grow(_DETAIL))
EXTRA_SPECS = closed({'extra_specs': _EXTRA_SPECS})
