"""Comparing two moments."""
