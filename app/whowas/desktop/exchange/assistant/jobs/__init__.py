"""What the assistant does off the GUI thread: reading files, looking at them, trying them out, importing."""
