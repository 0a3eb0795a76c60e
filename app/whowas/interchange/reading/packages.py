"""Workbooks as packages: their parts unpacked and parsed piece by piece, so that no part can grow beyond its bounds.

The parts of a workbook are read here and not by a library for spreadsheets: those hold a whole sheet (a gigabyte for a
million rows), and tell neither a formula that was never calculated nor an error from an empty cell.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from xml.parsers import expat

from whowas.domain.progress import Progress, unwatched
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.kinds import BROKEN, PROTECTED
from whowas.interchange.source import Source

_CHUNK = 1 << 17

_MOST_BYTES = 4 << 30
"""A part has at most so many unpacked: four times a sheet of a million rows and ten columns."""

_SURELY_SMALL = 64 << 20
_MOST_TIMES = 250
"""Beyond 64 MB a part unpacks to at most so many times its size. Sheets come to 10 to 50, a bomb of zeros to 1,000."""

_LONGEST_TAG = 8 << 20
_MOST_ELEMENTS = 200_000
"""Three times as many as the formats of cells that Excel allows in one workbook."""

_Start = Callable[[str, dict[str, str]], None]


class Element(NamedTuple):
    """A start tag: its name and attributes, without prefixes."""

    name: str
    attributes: dict[str, str]


class Package:
    """The parts of one workbook, by their names."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def __contains__(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def parsed(self, name: str, handler: Handler, progress: Progress = unwatched) -> Iterator[None]:
        """Give a part to a handler, and yield whenever some more of it was. Raises UnreadableError."""
        parser = _parser(handler)
        given = 0
        for chunk in self._chunks(name, progress):
            given += len(chunk)
            try:
                parser.Parse(chunk, not chunk)
            except expat.ExpatError as error:
                raise damaged() from error
            if given - parser.CurrentByteIndex > _LONGEST_TAG:
                raise damaged()
            yield

    def elements(self, name: str, *wanted: str) -> list[Element]:
        """Return the start tags of a part that are called so, in order; none where it is missing.

        Raises UnreadableError, also where there are more than any workbook has.
        """
        if name not in self:
            return []
        handler = _Elements(wanted)
        for _ in self.parsed(name, handler):
            pass
        return handler.found

    def _chunks(self, name: str, progress: Progress) -> Iterator[bytes]:
        """Yield a part in pieces, the last of which is empty."""
        try:
            info = self._archive.getinfo(name)
            if info.flag_bits & 1:
                raise UnreadableError(0, 0, PROTECTED)
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others need memory as they like
                raise damaged()
            _require_bounded(info)
            with self._archive.open(info) as part:
                done = 0
                while True:
                    chunk = part.read(_CHUNK)
                    done += len(chunk)
                    yield chunk
                    if not chunk:
                        return
                    progress(done, info.file_size)
        except (KeyError, *BROKEN) as error:
            raise damaged() from error


class Handler:
    """What is told of the parts of XML as they come; names without prefixes.

    Where ``plain_attributes`` is True the names of attributes are as they stand, and those of elements too if the
    first has no prefix: then what has one is none of the format's own. That takes half the time.
    """

    plain_attributes = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a start tag."""

    def end(self, name: str) -> None:
        """Take an end tag."""

    def text(self, text: str) -> None:
        """Take text, which may come in several pieces."""


class _Elements(Handler):
    def __init__(self, wanted: tuple[str, ...]) -> None:
        self._wanted = wanted
        self.found: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in self._wanted:
            self.found.append(Element(name, attributes))
            if len(self.found) > _MOST_ELEMENTS:
                raise damaged()


@contextmanager
def opened_package(source: Source) -> Iterator[Package]:
    """Yield the parts of a workbook. Raises UnreadableError where it cannot be unpacked."""
    with source.opened() as file:
        try:
            archive = zipfile.ZipFile(file)
        except BROKEN as error:
            raise damaged() from error
        with archive:
            yield Package(archive)


def damaged() -> UnreadableError:
    """Return what is said of a workbook whose parts cannot be unpacked or are not what they should be."""
    return UnreadableError(0, 0, "This workbook is damaged or cut short: it cannot be read.")


def _require_bounded(info: zipfile.ZipInfo) -> None:
    """Raise UnreadableError where a part would unpack to too much; no more is unpacked than the package says."""
    too_dense = info.file_size > _SURELY_SMALL and info.file_size > _MOST_TIMES * max(info.compress_size, 1)
    if info.file_size > _MOST_BYTES or too_dense:
        reason = f"This workbook would unpack to {info.file_size:,} bytes or more, which no list comes to."
        raise UnreadableError(0, 0, reason)


def _parser(handler: Handler) -> expat.XMLParserType:
    """Return a parser that knows no entities but XML's own five: workbooks declare none, and bombs are made of them."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = _CHUNK
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_doctype

    def start(name: str, attributes: dict[str, str]) -> None:
        """Take the first start tag, which tells whether the names of all have prefixes."""
        if handler.plain_attributes and ":" not in name:
            parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
        else:
            parser.StartElementHandler, parser.EndElementHandler = _without_prefixes(handler)
        parser.StartElementHandler(name, attributes)

    parser.StartElementHandler = start
    return parser


def _without_prefixes(handler: Handler) -> tuple[_Start, Callable[[str], None]]:
    """Return what gives a handler the names of elements and attributes without prefixes."""
    plain: dict[str, str] = {}

    def local(name: str) -> str:
        return plain.get(name) or plain.setdefault(name, name.rpartition(":")[2])

    def start(name: str, attributes: dict[str, str]) -> None:
        if not handler.plain_attributes:
            attributes = {local(key): value for key, value in attributes.items()}
        handler.start(local(name), attributes)

    def end(name: str) -> None:
        handler.end(local(name))

    return start, end


def _refuse_doctype(*_: object) -> None:
    raise UnreadableError(0, 0, "This workbook declares XML of its own, which no spreadsheet does: it is not read.")
