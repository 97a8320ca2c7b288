"""Writes of the instances' tables; conductors only."""
