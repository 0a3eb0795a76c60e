"""The command that carries out lines from stdin: what each may say, and what becomes of it."""
