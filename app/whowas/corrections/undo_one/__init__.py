"""Undoing one old change, asking about whatever was altered again since."""
