"""Where the emulator's answers cannot be those of the real Manila, and why.

Keyed by story; then by call and by field, both patterns. A field that does not differ
in its story fails the test, so that the table does not outlive its reasons.
"""

_PLACE = 'a directory of this machine, where the Dummy driver invents an address'
_ONE = 'one directory, where the Dummy driver has two addresses and an internal one'
_BYTES = 'the directory with the bytes, where the Dummy driver has none'
_SET = 'Manila writes a set of statuses, in an order that changes with every start'

DIFFERENCES = {
    'versions.every_change': {
        ('GET /v2/shares/*', 'body.share.export_location'): _PLACE,
        ('GET /v2/shares/*', 'body.share.export_locations?0?'): _PLACE,
        ('GET /v2/shares/*', 'body.share.export_locations?[12]?'): _ONE,
        ('GET /v2/shares/*/export_locations', 'body.*?0?.path'): _PLACE,
        ('GET /v2/shares/*/export_locations', 'body.*?1?.*'): _ONE,
    },
    'shares.live': {
        ('GET /v2/shares/*/export_locations', 'body.*?0?.path'): _PLACE,
        ('GET /v2/shares/*/export_locations', 'body.*?1?.*'): _ONE,
        ('GET /v2/shares/*/export_locations/*', 'body.*.path'): _PLACE,
    },
    'shares.old_actions': {
        ('GET /v2/shares/*', 'body.share.export_location'): _PLACE,
        ('GET /v2/shares/*', 'body.share.export_locations?0?'): _PLACE,
        ('GET /v2/shares/*', 'body.share.export_locations?[12]?'): _ONE,
    },
    'snapshots.live': {('GET /v2/snapshots/*', '*.provider_location'): _BYTES},
    'snapshots.find': {('GET /v2/snapshots/*', '*.provider_location'): _BYTES},
    'snapshots.statuses': {('POST */action', 'body.badRequest.message'): _SET},
}
