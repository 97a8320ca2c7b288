"""Verbs on plans, checkpoints, restores and schedules."""
