"""What an import is given of each list."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from whowas.interchange.mapping.list_mapping import ListMapping
from whowas.interchange.reading.table import Table
from whowas.interchange.source import Source

_LONGEST_SOURCE = 300


@dataclass(frozen=True, slots=True)
class ListInput:
    """One list of an import: its bytes, how they are read, and what its columns become.

    ``occurred_at`` (UTC µs) is when it was true, None for now.
    """

    source: Source
    table: Table
    mapping: ListMapping
    occurred_at: int | None = None


def source_of(given: ListInput) -> str:
    """Return what a list is called across imports, as it can be stored: titles may be long, or no text at all."""
    source = given.mapping.source
    if len(source) <= _LONGEST_SOURCE and source.isprintable():
        return source
    return f"titles {blake2b(source.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"
