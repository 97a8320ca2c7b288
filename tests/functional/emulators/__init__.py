"""Functional tests of the emulators, through the clients of what they emulate."""
