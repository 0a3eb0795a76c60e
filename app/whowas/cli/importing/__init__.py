"""The command that imports files: its options, its work and what it prints."""
