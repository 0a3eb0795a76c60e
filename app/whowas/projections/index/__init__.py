"""The version index: every version row in arrays, so that any moment is one mask."""
