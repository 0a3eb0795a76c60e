"""Connections to a server: verified, made anew, and what it means where one cannot be made."""
