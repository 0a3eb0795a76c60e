"""What became of an import, as it is kept and as it is told."""
