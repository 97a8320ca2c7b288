"""JSON schemas of protection's requests and answers."""
