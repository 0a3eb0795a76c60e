"""A read model with its index, of the whole log or of a part of it."""
