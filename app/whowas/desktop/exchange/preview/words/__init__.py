"""The rows of a preview in words."""
