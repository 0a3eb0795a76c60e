"""Keeping texts of a directory from being calculated by a spreadsheet."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s()/.-]*$)")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, with an apostrophe before it; telephone numbers are none.

    For texts in which a cell cannot be marked as text in another way, such as CSV.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell
