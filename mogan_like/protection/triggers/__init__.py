"""When scheduled operations run: reckoning with times alone, no database."""
