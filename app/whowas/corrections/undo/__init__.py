"""Undo and redo of the last change, and the sentences that describe them."""
