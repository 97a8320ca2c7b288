"""JSON schemas of leases' requests and answers."""
