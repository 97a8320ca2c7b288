"""Reads of the leases' tables, by both tiers."""
