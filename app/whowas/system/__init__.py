"""What the machine gives: folders, the program's own files, the person, password hashes, one running instance."""
