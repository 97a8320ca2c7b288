"""Verbs on leases and reservable hosts."""
