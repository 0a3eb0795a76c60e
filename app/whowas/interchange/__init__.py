"""Taking users and their histories in, and giving them out: one module per format."""
