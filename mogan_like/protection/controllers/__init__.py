"""Routes of protection."""
