"""The event log: append-only and tamper-evident, in a SQLite file."""
