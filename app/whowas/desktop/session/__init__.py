"""The door to the core: jobs, reads, and what is shown of an open directory."""
