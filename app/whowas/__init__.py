"""Whowas: a user directory that remembers."""

__version__ = "0.5.0"
