"""A resource of nothing at all: for trying leases, and for measuring them."""

from mogan_like.leases.plugins import base


class DummyPlugin(base.ResourcePlugin):
    """Reserves nothing; every verb succeeds at once."""

    resource_type = 'dummy.vm.plugin'
    title = 'Nothing'

    def get_schema(self):
        """Any values of up to 255 characters."""
        return {
            'type': 'object',
            'maxProperties': 16,
            'additionalProperties': {
                'type': ['string', 'integer', 'number', 'boolean', 'null'],
                'maxLength': 255,
            },
        }

    def reserve_resource(self, conn, reservation):
        """Nothing is planned."""
        return base.Plan()

    def update_reservation(self, conn, before, after):
        """Nothing is planned."""
        return base.Plan()

    def release_resource(self, conn, reservation):
        """Nothing was planned."""

    def on_start(self, call):
        """Nothing is started."""

    def on_end(self, call):
        """Nothing is ended."""
