"""JSON schemas of requests and answers, one for each microversion."""
