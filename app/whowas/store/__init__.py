"""The directory file: an append-only, tamper-evident log of events in SQLite."""
