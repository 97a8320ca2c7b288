"""Writes of protection's tables; conductors only."""
