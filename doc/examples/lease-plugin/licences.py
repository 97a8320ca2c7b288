"""Leases of software licences: a file for each that is given out."""

from pathlib import Path

from oslo_config import cfg

from mogan_like.common.config import CONF
from mogan_like.leases.plugins import counted

OPTS = [
    cfg.IntOpt('seats', default=10, help='How many licences there are.'),
    cfg.StrOpt('folder', default='/var/lib/licences', help='Where the files are.'),
]


class LicencePlugin(counted.CountedPlugin):
    resource_type = 'software:licence'
    title = 'Software licences'
    options = OPTS
    counted = 'seats'

    def get_schema(self):
        seats = {'type': 'integer', 'minimum': 1, 'description': 'How many.'}
        return {
            'type': 'object',
            'properties': {'seats': seats},
            'required': ['seats'],
            'additionalProperties': False,
        }

    def count_all(self):
        return CONF[self.resource_type].seats

    def on_start(self, call):
        self._file(call).write_text(str(call.reservation.values['seats']))

    def on_end(self, call):
        self._file(call).unlink(missing_ok=True)

    def _file(self, call):
        return Path(CONF[self.resource_type].folder, call.reservation.uuid)
