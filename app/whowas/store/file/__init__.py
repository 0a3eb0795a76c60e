"""The directory file: its tables, its identity, how it is created, copied and recovered."""
