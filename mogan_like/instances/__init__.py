"""Instances on bare metal and their lock."""
