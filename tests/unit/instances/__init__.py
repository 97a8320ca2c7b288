"""Tests of mogan_like.instances."""
