"""Protection: checkpoints of what holds a project's data, and restores."""
