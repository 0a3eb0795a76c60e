"""Reading a list in any of the formats: CSV in all its forms, and spreadsheets."""

from __future__ import annotations

from whowas.interchange.reading.table import HowToRead, Table
from whowas.interchange.source import Source


def read_list(source: Source, how: HowToRead, file_format: str = "") -> Table:
    """Return a source as a table; ``file_format`` is csv, xlsx or ods, or empty to be detected.

    Raises UnreadableError (see ``entries``) with one sentence where it is no list at all.
    """
    raise NotImplementedError
