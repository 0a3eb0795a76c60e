"""What is read once and kept to be read again: in memory while it is small, then in a private file."""

from __future__ import annotations

import io
import mmap
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from whowas.domain.errors import StoreError

if TYPE_CHECKING:
    from whowas.system.unfinished import HiddenFolder

HELD_BYTES = 4 << 20
"""Up to so many bytes are held in memory; beyond it all of them move to a file."""


class Spill:
    """Bytes that are written once, one behind the other, then read any number of times.

    What does not stay in memory lies in a hidden folder, which goes with this object, or is swept if the program is
    killed before. Threads may read at the same time: the window shows rows while a job reads through them.
    """

    def __init__(self) -> None:
        self._file: BinaryIO = io.BytesIO()
        self._path: Path | None = None
        self._size = 0
        self._at_end = True
        self._turn = threading.Lock()

    def write(self, content: bytes) -> None:
        """Add bytes. Raises StoreError."""
        try:
            with self._turn:
                if not self._at_end:
                    self._file.seek(self._size)
                    self._at_end = True
                self._file.write(content)
                self._size += len(content)
                if self._path is None and self._size > HELD_BYTES:
                    self._spill()
        except OSError as error:
            raise _unkept(error) from error

    def read(self, begin: int, end: int) -> bytes:
        """Return the bytes from ``begin`` up to, but without, ``end``. Raises StoreError."""
        try:
            with self._turn:
                self._at_end = False
                self._file.seek(begin)
                return self._file.read(end - begin)
        except OSError as error:
            raise _unkept(error) from error

    def _spill(self) -> None:
        from whowas.system import folders
        from whowas.system.unfinished import HiddenFolder

        # The cache folder, as a temporary one lies in memory on many systems.
        folders.private_folder(folders.cache())
        folder = HiddenFolder.made_in(folders.cache())
        path = folder.path / "rows"
        try:
            file = open(path, "x+b", opener=folders.for_its_owner)  # noqa: SIM115 (closed when this object goes)
        except BaseException:
            folder.remove()
            raise
        weakref.finalize(self, _remove, file, folder)
        file.write(self._held().getbuffer())
        self._file, self._path = file, path

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Yield all bytes as a file. Raises StoreError."""
        if self._path is None:
            yield io.BytesIO(self._held().getvalue())
            return
        try:
            self._file.flush()
            file = self._path.open("rb")
        except OSError as error:
            raise _unkept(error) from error
        with file:
            yield file

    @contextmanager
    def mapped(self) -> Iterator[memoryview]:
        """Yield all bytes, to be read in any order and only within the block. Raises StoreError."""
        if self._path is None:
            with self._held().getbuffer() as view:
                yield view
            return
        try:
            self._file.flush()
            whole = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise _unkept(error) from error
        with whole, memoryview(whole) as view:
            yield view

    def _held(self) -> io.BytesIO:
        assert isinstance(self._file, io.BytesIO)
        return self._file


def _remove(file: BinaryIO, folder: HiddenFolder) -> None:
    file.close()
    folder.remove()


def _unkept(error: OSError) -> StoreError:
    return StoreError(f"What was read cannot be kept on the disk: {error.strerror or error}.")
