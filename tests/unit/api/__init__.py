"""Unit tests of the API tier."""
