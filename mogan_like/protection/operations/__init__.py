"""Long work on checkpoints: protect, delete, restore and verify."""
