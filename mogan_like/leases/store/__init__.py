"""Writes of the leases' tables; conductors only."""
