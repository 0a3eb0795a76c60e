"""What becomes of the rows, and of who is in none of them."""
