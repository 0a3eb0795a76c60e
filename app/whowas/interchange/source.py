"""What is imported: bytes under a name, the same each time they are read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, unwatched

HELD_BYTES = 8 << 20
"""Up to so many bytes are held in memory; what is larger is copied."""

_CHUNK = 1 << 20


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

    @classmethod
    @contextmanager
    def read_from(cls, path: Path, progress: Progress = unwatched) -> Iterator[Source]:
        """Yield the file at ``path`` as it is now; what becomes of it later alters nothing. See ``taken_from``."""
        try:
            file = path.open("rb")
            size = path.stat().st_size
        except OSError as error:
            raise _unreadable(f"“{path.name}”", error) from error
        with file, cls.taken_from(path.name, file, size, progress, called=f"“{path.name}”") as source:
            yield source

    @classmethod
    @contextmanager
    def taken_from(
        cls, name: str, stream: BinaryIO, size: int = 0, progress: Progress = unwatched, *, called: str = ""
    ) -> Iterator[Source]:
        """Yield what a stream holds, read to its end; ``size`` is what it should come to, 0 where nobody knows.

        What does not fit into memory lies in a copy (mode 0600) that goes with the block; ``called`` is what a
        sentence calls it. Raises StoreError, and CancelledError from ``progress``.
        """
        called = called or name[:1].upper() + name[1:]
        beginning = _read(stream, HELD_BYTES + 1, called)
        if len(beginning) <= HELD_BYTES:
            yield cls.of(name, beginning)
            return
        if not any(beginning[:_CHUNK]):  # before a disk is filled with it
            raise StoreError(f"{called} holds nothing but zeros.")
        with _copied(beginning, stream, size, progress, called) as copy:
            yield cls(name, copy.stat().st_size, path=copy)

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


@contextmanager
def _copied(beginning: bytes, stream: BinaryIO, size: int, progress: Progress, called: str) -> Iterator[Path]:
    """Yield the path of a private copy, which is removed at the end, or swept if this program is killed before."""
    from whowas.system import folders
    from whowas.system.unfinished import HiddenFolder

    try:
        # The cache folder, as a temporary one lies in memory on many systems.
        folders.private_folder(folders.cache())
        folder = HiddenFolder.made_in(folders.cache())
    except OSError as error:
        raise _uncopied(called, error) from error
    try:
        copy = folder.path / "import"
        _copy(copy, beginning, stream, size, progress, called)
        yield copy
    finally:
        folder.remove()


def _copy(copy: Path, beginning: bytes, stream: BinaryIO, size: int, progress: Progress, called: str) -> None:
    from whowas.system.folders import for_its_owner

    done, chunk = 0, beginning
    try:
        with open(copy, "xb", opener=for_its_owner) as file:
            while chunk:
                file.write(chunk)
                done += len(chunk)
                progress(done, max(size, done) if size else 0)
                chunk = _read(stream, _CHUNK, called)
    except OSError as error:
        raise _uncopied(called, error) from error


def _read(stream: BinaryIO, length: int, called: str) -> bytes:
    """Return the next bytes: fewer than ``length`` only at the end, also of a pipe."""
    parts = []
    try:
        while length and (part := stream.read(length)):
            parts.append(part)
            length -= len(part)
    except OSError as error:
        raise _unreadable(called, error) from error
    return b"".join(parts)


def _unreadable(called: str, error: OSError) -> StoreError:
    return StoreError(f"{called} cannot be read: {error.strerror or error}.")


def _uncopied(called: str, error: OSError) -> StoreError:
    return StoreError(f"{called} cannot be copied to where it is read from: {error.strerror or error}.")
