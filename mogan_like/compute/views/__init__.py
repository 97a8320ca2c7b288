"""How rows of instances look to clients of Nova."""
