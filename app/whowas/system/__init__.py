"""What the machine provides: folders, the program's own files, the person, password hashes, one running instance."""
