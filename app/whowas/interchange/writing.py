"""Writing an export to a file, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from whowas.domain.errors import StoreError


def write_lines(path: Path, lines: Iterable[str], directory: Path) -> None:
    """Write lines to ``path`` with mode 0600; ``directory`` is the one file that is never written over.

    Raises StoreError; what was at ``path`` before then still stands.
    """
    if path.exists() and directory.exists() and path.samefile(directory):
        raise StoreError(f"“{path.name}” is the directory itself; choose another file.")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(lines)
        unfinished.replace(path)
    except OSError as error:
        raise StoreError(f"“{path.name}” cannot be written: {error.strerror or error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
