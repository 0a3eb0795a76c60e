"""The Changes tab: a list with a line for every step of the directory."""
