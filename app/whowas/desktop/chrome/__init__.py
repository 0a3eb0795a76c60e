"""Menus, tool bar, status bar and message bar around the page."""
