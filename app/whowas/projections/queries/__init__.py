"""Questions to the read side, each answered by one module."""
