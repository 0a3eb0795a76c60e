"""The Changes tab: every step of the directory as a line."""
