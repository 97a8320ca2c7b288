"""Foreign services over REST."""
