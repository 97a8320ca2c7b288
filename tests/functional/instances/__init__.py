"""Functional tests of instances, their lock and their audit."""
