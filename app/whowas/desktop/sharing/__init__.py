"""Sharing a directory: the assistant that moves it to a server, its members, and what is promised there."""
