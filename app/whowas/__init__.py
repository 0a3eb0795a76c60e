"""Whowas: a user directory that remembers."""

__version__ = "0.9.0"
