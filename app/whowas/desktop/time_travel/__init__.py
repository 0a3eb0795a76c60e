"""Going to moments, naming them, and choosing which changes count."""
