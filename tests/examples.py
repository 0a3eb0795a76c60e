"""How many examples a property is tried on that says how many it needs."""

from __future__ import annotations

from hypothesis import settings


def at_most(count: int) -> int:
    """Return ``count``, or the same part of it that the profile in force takes of the usual, where that is fewer.

    Else a profile that only tries the machine would take nearly as long as one that tries the program.
    """
    usual = settings.get_profile("default").max_examples
    return max(1, min(count, count * settings.default.max_examples // usual))
