"""JSON schemas of requests and answers, newest last."""
