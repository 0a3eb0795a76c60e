"""The formats there are, in one table for each direction: command line, dialogs and manual follow from these.

The first of each is what is meant where nothing says otherwise.
"""

from __future__ import annotations

from pathlib import PurePath

from whowas.interchange import change_log, csv_format, log_export
from whowas.interchange.file_format import ExportFormat, ImportFormat

EXPORTS: tuple[ExportFormat, ...] = (csv_format.EXPORT, log_export.EXPORT)
IMPORTS: tuple[ImportFormat, ...] = (csv_format.IMPORT, change_log.IMPORT)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def export_format_of(name: str) -> ExportFormat:
    """Return the format that a file called so is to be written in."""
    suffix = PurePath(name).suffix.lower()
    return next((known for known in EXPORTS if known.suffix == suffix), EXPORTS[0])


def guessed_format(content: bytes, source: str = "") -> ImportFormat:
    """Return the format that a file's name, else its beginning shows."""
    suffix, beginning = PurePath(source).suffix.lower(), content.removeprefix(_BYTE_ORDER_MARK).lstrip()
    by_name = next((known for known in IMPORTS if suffix in known.suffixes), None)
    return by_name or next((known for known in IMPORTS if beginning.startswith(known.beginnings)), IMPORTS[0])
