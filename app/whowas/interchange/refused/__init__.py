"""Saving the rows of a list that were refused as a file of the same format, to be corrected and imported again."""
