"""A Manila whose shares are directories: the API v2, its statuses and its errors."""
