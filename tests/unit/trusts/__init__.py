"""Unit tests of trusts."""
