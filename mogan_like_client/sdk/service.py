"""How openstacksdk finds the service in a catalogue."""

from keystoneauth1 import exceptions as auth_exceptions
from openstack import service_description

from mogan_like_client.sdk import proxy

#: In catalogues, in configuration and in the header of microversions.
TYPE = 'baremetal-compute'
#: As Mogan called it; catalogues have it where older clients are used.
_OLD_TYPE = 'baremetal_compute'
_CHOSEN_TYPE = 'baremetal_compute_service_type'


class BaremetalComputeService(service_description.ServiceDescription):
    """The service: instances, leases and protection have one endpoint, ``/v1``."""

    supported_versions = {'1': proxy.Proxy}

    def __get__(self, instance, owner):
        if instance is None:
            return self
        try:
            return super().__get__(instance, owner)
        except auth_exceptions.DiscoveryFailure:
            client = instance.config.get_session_client(TYPE, constructor=proxy.Proxy)
            client.probe()
        return super().__get__(instance, owner)

    def _make_proxy(self, instance):
        config = instance.config
        if (
            not config.get_endpoint(TYPE)
            and _CHOSEN_TYPE not in config.config
            and not is_listed(instance, TYPE)
            and is_listed(instance, _OLD_TYPE)
        ):
            config.config[_CHOSEN_TYPE] = _OLD_TYPE
        return super()._make_proxy(instance)


def is_listed(connection, service_type):
    """True when the catalogue has an endpoint of this type."""
    try:
        found = connection.session.get_endpoint(
            service_type=service_type,
            interface=connection.config.get_interface(service_type),
            region_name=connection.config.get_region_name(service_type),
            skip_discovery=True,
        )
    except auth_exceptions.EndpointNotFound:
        return False
    return found is not None
