"""Client of mogan-like: a library on openstacksdk, and commands of openstack.

Nothing here imports the service, nor the service this.
"""


def connect(cloud=None, **kwargs):
    """A connection of openstacksdk with mogan-like beside all other services.

    :param cloud: a name of clouds.yaml; by default what the environment says
    :param kwargs: of ``openstack.connect``
    :returns: an ``openstack.connection.Connection``; its ``baremetal_compute`` is a
        :class:`mogan_like_client.sdk.proxy.Proxy`
    """
    import openstack

    return add_service(openstack.connect(cloud=cloud, **kwargs))


def add_service(connection):
    """Give a connection that is there ``baremetal_compute``; the connection."""
    from mogan_like_client.sdk import service

    connection.add_service(service.BaremetalComputeService(service.TYPE))
    return connection
