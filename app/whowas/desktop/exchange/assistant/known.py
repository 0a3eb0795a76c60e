"""What the assistant knows of the directory that files are taken into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownDirectory:
    """Its custom fields and groups by name, how many users each group has, and how many who are not deleted there are.

    ``of_source`` is how many of them earlier imports of the same source brought or met.
    """

    fields: tuple[str, ...]
    groups: Mapping[str, int]
    everybody: int
    of_source: int
