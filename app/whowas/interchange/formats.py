"""The formats to write in, in one table: command line, dialogs and manual follow from it.

The first is what is meant where nothing says otherwise.
"""

from __future__ import annotations

from pathlib import PurePath

from whowas.interchange import csv_format, log_export
from whowas.interchange.file_format import ExportFormat

EXPORTS: tuple[ExportFormat, ...] = (csv_format.EXPORT, log_export.EXPORT)


def export_format_of(name: str) -> ExportFormat:
    """Return the format that a file called so is to be written in."""
    suffix = PurePath(name).suffix.lower()
    return next((known for known in EXPORTS if known.suffix == suffix), EXPORTS[0])
