"""Leases: nodes and other resources for a time, given back at any time."""
