"""Who is in the directory, now or at a moment of the past, and by which keys they are known."""
