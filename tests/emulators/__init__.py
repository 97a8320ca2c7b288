"""Foreign services that speak their protocol."""
