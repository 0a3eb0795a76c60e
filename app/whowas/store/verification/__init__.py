"""Verifying a directory file: the history itself, the events that it tells, and everything else in the file."""
