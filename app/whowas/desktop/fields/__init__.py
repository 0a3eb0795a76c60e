"""The custom fields of a directory: listed, added, renamed, deleted and brought back in one dialog."""
