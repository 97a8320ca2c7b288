"""Reads of the instances' tables, for both tiers."""
