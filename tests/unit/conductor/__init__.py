"""Unit tests of the conductor."""
