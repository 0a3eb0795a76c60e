"""Plain widgets and drawing that know nothing of directories."""
