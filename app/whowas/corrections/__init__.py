"""Putting human errors right: undo, restoring a moment, and leaving one change out."""
