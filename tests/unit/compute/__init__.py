"""Nova's view of instances."""
