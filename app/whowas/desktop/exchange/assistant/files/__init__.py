"""Several files, listed before they are imported."""
