"""The log of a directory on a PostgreSQL server: addresses, connections, its tables and functions, its rows."""
