"""The directory as it would have become without a change, and making that so."""
