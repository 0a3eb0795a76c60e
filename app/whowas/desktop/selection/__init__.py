"""The right side of the window for several users: what they share, and editing all of them at once."""
