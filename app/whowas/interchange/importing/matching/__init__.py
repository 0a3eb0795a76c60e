"""Who each row is about."""
