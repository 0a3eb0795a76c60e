"""Sharing a directory from the window, opening a shared one, and what people see of the others."""
