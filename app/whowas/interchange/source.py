"""What is imported: bytes under a name, the same each time they are read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when the import began; ``name`` is what people call it.

    Its bytes are held here, or lie in a private copy at ``path``, so that what was previewed is what is taken.
    """

    name: str
    size: int
    content: bytes = b""
    path: Path | None = None

    @classmethod
    def of(cls, name: str, content: bytes) -> Source:
        """Return bytes that are held in memory as a source."""
        return cls(name, len(content), content)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Yield the bytes as a file that can be sought in. Raises OSError."""
        if self.path is None:
            yield io.BytesIO(self.content)
        else:
            with self.path.open("rb") as file:
                yield file

    def beginning(self, length: int) -> bytes:
        """Return the first bytes, up to ``length`` of them. Raises OSError."""
        with self.opened() as file:
            return file.read(length)
