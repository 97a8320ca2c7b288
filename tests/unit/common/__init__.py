"""Tests of mogan_like.common."""
