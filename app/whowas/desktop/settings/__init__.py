"""What a person chose for the window, how it is kept, and the dialog in which it is chosen."""
