"""The audit: who did what to which object, with which result."""
