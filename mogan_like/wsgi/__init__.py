"""Modules for WSGI servers."""
