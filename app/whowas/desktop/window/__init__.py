"""The main window, the welcome page, and what belongs to neither one directory nor one feature."""
