"""Triggers, without anything around them."""
