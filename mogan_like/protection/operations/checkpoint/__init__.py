"""Due work of kind ``checkpoint``: protect, delete, and write to the bank."""
