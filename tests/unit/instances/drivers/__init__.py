"""Tests of the instance drivers."""
