"""Processes of the service for tests: started, killed, cut off."""
