"""The History tab: what happened to one user."""
