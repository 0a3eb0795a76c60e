"""Undo, redo, undoing one change and restoring, as conversations in the window."""
