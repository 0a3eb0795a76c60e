"""The Details tab: the form of one user, its draft, and saving."""
