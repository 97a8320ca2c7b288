"""Instances as Nova's API shows them (/v2.1): controllers and views only."""
