"""Rows of an import, listed: what would become of them, or what became of them."""
