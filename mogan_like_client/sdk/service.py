"""How openstacksdk finds the service in a catalogue."""

from openstack import service_description

from mogan_like_client.sdk import proxy

#: In catalogues, in configuration and in the header of microversions.
TYPE = 'baremetal-compute'


class BaremetalComputeService(service_description.ServiceDescription):
    """The service: instances, leases and protection have one endpoint, ``/v1``."""

    supported_versions = {'1': proxy.Proxy}
