"""Undoing one change out of the middle: planned first, asking about what somebody altered again since."""
