"""Instances on leased bare metal: locks, audit, leases and share protection."""

import sys

# futurist and oslo.service load eventlet wherever it is installed, and it then
# patches half the process; with None here an import of it fails at once.
sys.modules.setdefault('eventlet', None)

# Importing oslo_messaging alone would choose oslo.service's eventlet backend,
# and a later choice raises: choose before anything else can.
from oslo_service import backend  # noqa: E402

backend.init_backend(backend.BackendType.THREADING)
