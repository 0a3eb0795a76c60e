"""The exit codes of the commands; 0 says that all is well."""

from __future__ import annotations

NO = 1
"""The answer is "no" or "damaged", or unknown."""

UNFINISHED = 1
"""Something is saved, but not all of the command was done."""

REFUSED = 2
"""Wrong usage, or something was refused."""
