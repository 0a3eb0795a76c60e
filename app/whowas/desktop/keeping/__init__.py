"""Keeping the directory safe: backups, and whether the history is as it was written."""
