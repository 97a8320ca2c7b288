"""Reads of protection's tables, by both tiers."""
