"""What can be protected, and how."""
