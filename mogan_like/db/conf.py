"""Defaults of oslo.db's options."""

from oslo_db import options


def set_defaults(conf, connection=None):
    """Choose oslo.db's defaults for this service.

    :param connection: the URL of the embedded database, when there is one
    """
    # A conductor's worker holds a connection for the length of a statement or
    # two, never across a foreign call: few connections serve many workers.
    options.set_defaults(conf, connection=connection, max_pool_size=10, max_overflow=20)
