"""What is done to all selected users at once: groups, fields, find and replace, cases, with every cell shown first."""
