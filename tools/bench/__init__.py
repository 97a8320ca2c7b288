"""How fast the service is, against the floor of its stack, in one run."""

# Chooses threads before an import of oslo_messaging could choose eventlet.
import mogan_like  # noqa: F401
