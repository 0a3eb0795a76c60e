"""From saying where a directory is to be shared to having it there."""
