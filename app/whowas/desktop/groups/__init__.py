"""What can be done with groups: the menu of each in the sidebar, and putting them into order."""
