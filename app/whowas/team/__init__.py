"""Directories that several people share: moving them to a server and back, and who may do what there."""
