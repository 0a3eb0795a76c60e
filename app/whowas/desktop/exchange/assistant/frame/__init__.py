"""The dialog of the import assistant without its pages."""
