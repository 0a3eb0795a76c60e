"""When lists were true, by the names of their files."""
