"""The right side of the window: its tabs, and on the first of them the form of one user, its draft, and saving."""
