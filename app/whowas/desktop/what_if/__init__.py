"""What if not: showing and making so a directory without a change."""
