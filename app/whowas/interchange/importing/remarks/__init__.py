"""What people are told of lists unasked: how they are read, that some are the same, or seem to be of elsewhere."""
