"""The service as it runs in earnest: processes that are killed and cut off."""
