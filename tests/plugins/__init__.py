"""What every plugin of a kind must pass."""
