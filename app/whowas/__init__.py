"""Whowas: a user directory that remembers."""

__version__ = "0.4.0"
