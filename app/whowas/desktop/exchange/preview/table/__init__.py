"""The table of a preview."""
