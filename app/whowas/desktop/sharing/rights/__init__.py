"""Who may do what, as a table of accounts in which people choose."""
