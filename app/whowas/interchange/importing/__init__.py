"""Importing: who is meant by each row, what becomes of it, and who is missing; a whole import is one change."""
