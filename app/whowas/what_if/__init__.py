"""What if: the directory as it would have become without some changes, in memory, and how to make it so."""
