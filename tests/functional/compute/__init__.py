"""Nova's view of instances, served whole."""
