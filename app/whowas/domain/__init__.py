"""The rules of a directory: what may be asked, what happened, and what a user is.

Standard library only; no clock, no database, no toolkit.
"""
