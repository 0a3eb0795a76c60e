"""XLSX (ISO/IEC 29500-1, SpreadsheetML): its sheets, and the rows of one, a piece at a time."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from whowas.domain.progress import Progress
from whowas.interchange.reading.cell_text import digits_of_format, is_date_format, unescaped
from whowas.interchange.reading.csv_rows import MOST_CHARACTERS
from whowas.interchange.reading.packages import Element, Handler, Package, damaged
from whowas.interchange.reading.sheet_rows import Sheet, SheetRow
from whowas.interchange.reading.spilled import SpilledTexts
from whowas.interchange.reading.xlsx_sheet import Format, SheetHandler

_GROUPS_OF_FORMATS = ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs")
_MOST_SHARED = 1 << 25
"""So many texts may be shared: where each begins takes 8 bytes, 256 MB in all."""


class XlsxWorkbook:
    """The sheets of a package, and what their cells share."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = _main_part(package)
        self._targets = _targets(package, self._main)
        elements = package.elements(self._main, "workbookPr", "sheet")
        self._from_1904 = any(
            each.name == "workbookPr" and each.attributes.get("date1904") in ("1", "true") for each in elements
        )
        self._parts: list[str] = []
        self.sheets = [sheet for each in elements if each.name == "sheet" for sheet in self._sheet(each)]
        self._formats = _formats(package.elements(self._part("styles"), "numFmt", "xf", *_GROUPS_OF_FORMATS))
        self._texts: SpilledTexts | None = None

    def rows(self, sheet: Sheet, progress: Progress) -> Iterator[SheetRow]:
        """Yield every row of a sheet that holds something. Raises UnreadableError and StoreError."""
        if self._texts is None:
            self._texts = self._shared_texts(progress)
        with self._texts.opened() as texts:
            handler = SheetHandler(texts, self._formats, from_1904=self._from_1904)
            for _ in self._package.parsed(self._parts[sheet.place], handler, progress):
                yield from handler.taken()

    def _sheet(self, element: Element) -> list[Sheet]:
        """Return a sheet of cells; none where it is a chart or a dialog."""
        kind, part = self._targets.get(element.attributes.get("id", ""), ("", ""))
        if kind != "worksheet":
            return []
        hidden = element.attributes.get("state", "visible") != "visible"
        self._parts.append(part)
        return [Sheet(element.attributes.get("name", ""), len(self._parts) - 1, hidden)]

    def _part(self, kind: str) -> str:
        return next((part for found, part in self._targets.values() if found == kind), "")

    def _shared_texts(self, progress: Progress) -> SpilledTexts:
        texts = SpilledTexts()
        part = self._part("sharedStrings")
        if part in self._package:
            for _ in self._package.parsed(part, _SharedTexts(texts), progress):
                pass
        return texts


class _SharedTexts(Handler):
    """Keeps each shared text: that of its runs, without how it is pronounced."""

    plain_attributes = True

    def __init__(self, texts: SpilledTexts) -> None:
        self._texts = texts
        self._parts: list[str] = []
        self._length = 0
        self._reading = False
        self._pronounced = False

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 (as all are called)
        if name == "t":
            self._reading = not self._pronounced
        elif name == "rPh":
            self._pronounced = True

    def end(self, name: str) -> None:
        if name == "t":
            self._reading = False
        elif name == "rPh":
            self._pronounced = False
        elif name == "si":
            self._texts.add(unescaped("".join(self._parts)))
            self._parts.clear()
            self._length = 0
            if len(self._texts) > _MOST_SHARED:
                raise damaged()

    def text(self, text: str) -> None:
        if self._reading:
            self._parts.append(text)
            self._length += len(text)
            if self._length > MOST_CHARACTERS:
                raise damaged()


def _main_part(package: Package) -> str:
    """Return the name of the part that lists the sheets."""
    main = next((part for kind, part in _targets(package, "").values() if kind == "officeDocument"), "xl/workbook.xml")
    if main not in package:
        raise damaged()
    return main


def _targets(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Return what a part refers to by the ids of its relationships: of what kind, and the name of that part."""
    folder, name = posixpath.split(part)
    found = {}
    for element in package.elements(posixpath.join(folder, "_rels", f"{name}.rels"), "Relationship"):
        given = element.attributes
        if given.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, given.get("Target", ""))).lstrip("/")
            found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], target)
    return found


def _formats(elements: list[Element]) -> list[Format]:
    """Return how the numbers of each style of cells are shown."""
    codes: dict[str, str] = {}
    formats: list[Format] = []
    within = False
    for element in elements:
        given = element.attributes
        if element.name == "numFmt":
            codes[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif element.name in _GROUPS_OF_FORMATS:
            within = element.name == "cellXfs"
        elif element.name == "xf" and within:
            number = given.get("numFmtId", "0")
            code = codes.get(number)
            known = int(number) if number.isascii() and number.isdigit() else 0
            formats.append(Format(is_date_format(known, code), digits_of_format(code)))
    return formats
