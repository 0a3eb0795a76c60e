"""The rules of a directory: its commands, its events, and what a user is.

Standard library only; no clock, no database, no toolkit.
"""
