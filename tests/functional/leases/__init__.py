"""Leases through the API."""
