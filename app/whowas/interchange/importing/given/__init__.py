"""Which lists an import is given, and what a person decides about it."""
