"""What a computer keeps of a directory on a server: a file of the same history, verified as it comes."""
