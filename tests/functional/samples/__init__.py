"""The samples of the API reference as scripts: what is sent, in which order."""
