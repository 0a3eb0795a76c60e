"""Mapping lists: from titles and cells, in the words of any product or office, to the fields of a user."""
