"""Tests, by kind: style needs nothing of the service, the others import it."""
