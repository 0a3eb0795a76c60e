"""Making a directory on a server: its tables and functions, and all that was in a file."""
