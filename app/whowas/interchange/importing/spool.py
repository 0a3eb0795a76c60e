"""Where an import keeps what it knows of each row: in memory while that is little, then in a private file.

Only where each entry begins stays in memory, 8 bytes a row. The file lies in a hidden folder of the system's temporary
folder, which is removed with the spool, or swept when the program was killed.
"""

from __future__ import annotations

import json
import tempfile
import weakref
from array import array
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from whowas.domain.errors import StoreError
from whowas.system import folders
from whowas.system.unfinished import HiddenFolder

IN_MEMORY = 4_000_000
"""How many bytes of entries are held in memory; beyond it all of them move to a file."""

_JSON = b"["
"""What an entry begins with that MessagePack cannot hold: a text in it is not valid Unicode, or a number too long."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


class Spool:
    """A list of entries (lists of texts, numbers, mappings) that is only added to; each is found by its number."""

    def __init__(self) -> None:
        self._file: BinaryIO = BytesIO()
        self._begins = array("Q", [0])
        self._spilt = False
        self._at_end = True

    def __len__(self) -> int:
        return len(self._begins) - 1

    def add(self, entry: object) -> int:
        """Keep one more entry and return its number, from 0. Raises StoreError where the disk is full."""
        return self.add_packed(packed(entry))

    def add_packed(self, data: bytes) -> int:
        """Do the same with bytes."""
        end = self._begins[-1]
        try:
            if not self._at_end:
                self._file.seek(end)
                self._at_end = True
            self._file.write(data)
            self._begins.append(end + len(data))
            if not self._spilt and end > IN_MEMORY:
                self._spill()
        except OSError as error:
            raise _unkept(error) from error
        return len(self._begins) - 2

    def entry(self, number: int) -> Any:
        """Return an entry, its tuples as lists. Raises StoreError."""
        return unpacked(self.data(number))

    def data(self, number: int) -> bytes:
        """Return an entry as it was packed. Raises StoreError."""
        begin = self._begins[number]
        try:
            self._file.seek(begin)
            self._at_end = False
            return self._file.read(self._begins[number + 1] - begin)
        except OSError as error:
            raise _unkept(error) from error

    def _spill(self) -> None:
        folder = HiddenFolder.made_in(Path(tempfile.gettempdir()))
        try:
            file = open(folder.path / "rows", "x+b", opener=folders.for_its_owner)  # noqa: SIM115 (closed by _removed)
        except BaseException:
            folder.remove()
            raise
        weakref.finalize(self, _removed, file, folder)
        memory, self._file = self._file, file
        memory.seek(0)
        while portion := memory.read(1_000_000):
            file.write(portion)
        self._spilt = True


def packed(entry: object) -> bytes:
    """Return an entry as bytes; also where texts hold halves of characters, or numbers are huge."""
    try:
        return _encode(entry)
    except (UnicodeEncodeError, OverflowError):
        return json.dumps(msgspec.to_builtins(entry)).encode()


def is_plain(data: bytes) -> bool:
    """Say whether ``packed`` had to do without MessagePack."""
    return data.startswith(_JSON)


def unpacked(data: bytes) -> Any:
    """Return what ``packed`` was given, its tuples as lists."""
    return json.loads(data) if is_plain(data) else _decode(data)


def _removed(file: BinaryIO, folder: HiddenFolder) -> None:
    file.close()
    folder.remove()


def _unkept(error: OSError) -> StoreError:
    return StoreError(f"The rows of the import cannot be kept for a while: {error.strerror or error}.")
