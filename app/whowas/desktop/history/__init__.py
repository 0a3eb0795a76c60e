"""The History tab: the changes of one user."""
