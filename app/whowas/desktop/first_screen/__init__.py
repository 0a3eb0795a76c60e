"""The list of users in the first frame of a start, painted from what the last one kept, until the real one is there."""
