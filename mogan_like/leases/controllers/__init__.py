"""Routes of leases and what they hold."""
