"""Distances that several parts of the window share, in pixels."""

from __future__ import annotations

EDGE = 16
"""Space at either side of the details, in pixels."""
TABS_HEIGHT = 33
"""Of the tabs above the details of a user, in pixels."""
