"""What keeps a directory safe beside its file: evidence, backups, salvage, and the sweeping of what was left."""
