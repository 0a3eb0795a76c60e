"""The titles that are recognised in any list, a module for each language."""
