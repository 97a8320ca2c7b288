"""Where the records of checkpoints are kept."""
