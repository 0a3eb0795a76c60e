"""What is asked and done about a directory's server: accounts, settings, alterations, what is left of the erased."""
