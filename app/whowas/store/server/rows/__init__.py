"""A directory's rows as they go to a server and come back from it."""
