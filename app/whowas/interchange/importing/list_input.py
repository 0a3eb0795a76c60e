"""What an import is given of each list."""

from __future__ import annotations

from dataclasses import dataclass

from whowas.interchange.mapping.list_mapping import ListMapping
from whowas.interchange.reading.table import Table
from whowas.interchange.source import Source


@dataclass(frozen=True, slots=True)
class ListInput:
    """One list of an import: its bytes, how they are read, and what its columns become.

    ``occurred_at`` (UTC µs) is when it was true, None for now.
    """

    source: Source
    table: Table
    mapping: ListMapping
    occurred_at: int | None = None
