"""Whowas: a user directory that remembers."""

__version__ = "0.8.0"
