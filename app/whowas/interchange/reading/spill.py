"""What is read once and kept to be read again: in memory while it is small, then in a private file."""

from __future__ import annotations

import csv
import io
import mmap
import weakref
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from whowas.domain.errors import StoreError
from whowas.interchange.reading.csv_rows import RawRow

if TYPE_CHECKING:
    from whowas.system.unfinished import HiddenFolder

_HELD_BYTES = 4 << 20

_Kept = tuple[int, list[str], dict[int, str]]


class Spill:
    """Bytes that are written once, then read any number of times.

    What does not stay in memory lies in a hidden folder, which goes with this object, or is swept if the program is
    killed before.
    """

    def __init__(self) -> None:
        self._file: BinaryIO = io.BytesIO()
        self._path: Path | None = None
        self._size = 0

    def write(self, content: bytes) -> None:
        """Add bytes. Raises StoreError."""
        try:
            self._file.write(content)
            self._size += len(content)
            if self._path is None and self._size > _HELD_BYTES:
                self._spill()
        except OSError as error:
            raise _unkept(error) from error

    def _spill(self) -> None:
        from whowas.system import folders
        from whowas.system.unfinished import HiddenFolder

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
    return StoreError(f"What was read of the workbook cannot be kept on the disk: {error.strerror or error}.")


class SpilledTexts:
    """Texts by their number, from 0."""

    def __init__(self) -> None:
        self._spill = Spill()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        """Add the next text. Raises StoreError."""
        content = text.encode("utf-8", "surrogatepass")
        self._spill.write(content)
        self._ends.append(self._ends[-1] + len(content))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @contextmanager
    def opened(self) -> Iterator[SpilledTextsView]:
        """Yield the texts to be read. Raises StoreError."""
        with self._spill.mapped() as view:
            yield SpilledTextsView(view, self._ends)


class SpilledTextsView:
    """Reads texts by their number; IndexError for one that is not there."""

    def __init__(self, view: memoryview, ends: Sequence[int]) -> None:
        self._view = view
        self._ends = ends

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError(number)
        return str(self._view[self._ends[number] : self._ends[number + 1]], "utf-8", "surrogatepass")


class SpilledRows:
    """Rows that can be read again and again, in the order in which they were added."""

    def __init__(self) -> None:
        self._spill = Spill()
        self._encoder = msgspec.json.Encoder()
        self._width = 0
        self.count = 0

    def add(self, line: int, cells: list[str], faults: Mapping[int, str]) -> None:
        """Add a row. Raises StoreError."""
        self._spill.write(self._encoder.encode((line, cells, faults)) + b"\n")
        self._width = max(self._width, len(cells))
        self.count += 1

    def rows(self) -> Iterator[RawRow]:
        """Yield every row, as long as the longest, with a line of CSV as its text. Raises StoreError."""
        decoder = msgspec.json.Decoder(_Kept)
        with self._spill.opened() as lines:
            for line in lines:
                number, cells, faults = decoder.decode(line)
                cells.extend([""] * (self._width - len(cells)))
                yield RawRow(number, csv_line(cells), cells, faults)


def csv_line(cells: Sequence[str]) -> str:
    """Return cells as a line of CSV without its end."""
    plain = ",".join(cells)
    if plain.count(",") == len(cells) - 1 and '"' not in plain and "\n" not in plain and "\r" not in plain:
        return plain
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().removesuffix("\r\n")
