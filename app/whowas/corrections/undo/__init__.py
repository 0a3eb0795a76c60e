"""Undo and redo of the last change, and why of some changes there is nothing to take back."""
