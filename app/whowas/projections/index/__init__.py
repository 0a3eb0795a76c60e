"""The version index: every version row in arrays, so that any moment is two searches in each block of rows."""
