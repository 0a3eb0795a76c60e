"""Whowas: a user directory that remembers."""

__version__ = "0.2.0"
