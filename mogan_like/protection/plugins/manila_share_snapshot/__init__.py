"""Shares protected by snapshots in Manila."""
