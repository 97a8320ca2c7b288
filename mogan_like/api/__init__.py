"""The HTTP tier: reads rows, asks conductors for every change."""
