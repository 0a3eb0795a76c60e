"""What was detected of the files, as drop-downs that correct it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from whowas.desktop.exchange.assistant.columns.merged import MergedLook
from whowas.desktop.exchange.assistant.columns.reading_words import (
    DELIMITERS,
    delimiter_word,
    encodings_offered,
    one_of,
)
from whowas.desktop.exchange.assistant.columns.remarks_button import RemarksButton
from whowas.desktop.exchange.assistant.columns.source_box import SourceBox
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.menu_box import MenuBox, add_choice
from whowas.domain.fields import counted
from whowas.interchange.importing.list_look import ListLook
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.reading.table import HowToRead, OtherEncoding

SEVERAL_ENCODINGS = "several encodings"
SEVERAL_DELIMITERS = "several delimiters"
SEVERAL_SHEETS = "several sheets"
AS_DETECTED = "as detected"


class DetectedRow(QWidget):
    """A drop-down for each thing that was detected: files where there are several, source, delimiter, encoding, sheet
    where there are several, and rows.

    ``howChanged(HowToRead)`` and ``chosenChanged(Chosen)`` are emitted when a person corrects it, ``filesWanted`` when
    they want to see the files, ``failed(sentence)`` where saved mappings cannot be read.
    """

    howChanged = Signal(object)
    chosenChanged = Signal(object)
    filesWanted = Signal()
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._how = HowToRead()
        self._detected = {"encoding": "", "delimiter": "", "sheet": ""}
        self._others: tuple[OtherEncoding, ...] = ()
        self._sheets: tuple[str, ...] = ()
        self.files = _FilesBox(self)
        self.files.wanted.connect(self.filesWanted)
        self.source = SourceBox(self)
        self.source.chosenChanged.connect(self.chosenChanged)
        self.source.failed.connect(self.failed)
        self.delimiter = MenuBox("Delimiter", self._fill_delimiters, "small", self)
        self.encoding = MenuBox("Encoding", self._fill_encodings, "small", self)
        self.sheet = MenuBox("Sheet", self._fill_sheets, "small", self)
        self.rows = MenuBox("Rows", self._fill_rows, "small", self)
        self._reading = TextLabel("Reading again…", token="muted", size=12)
        self._reading.hide()
        self.remarks = RemarksButton(self)
        self._dots: dict[MenuBox, TextLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for box in self.boxes():
            if box is not self.files:
                self._dots[box] = TextLabel("·", token="muted")
                row.addWidget(self._dots[box])
            row.addWidget(box)
        row.addStretch(1)
        row.addWidget(self._reading)
        row.addWidget(self.remarks)

    def boxes(self) -> tuple[MenuBox, ...]:
        """Return all drop-downs in their order."""
        return (self.files, self.source, self.delimiter, self.encoding, self.sheet, self.rows)

    def show_detected(self, looks: Sequence[ListLook], merged: MergedLook, how: HowToRead, chosen: Chosen) -> None:
        """Show how lists are read; what ``how`` says stands before what was detected."""
        self._how = how
        self._sheets = tuple(dict.fromkeys(sheet for look in looks for sheet in look.detected.sheets))
        encoding = one_of([look.detected.encoding for look in looks], SEVERAL_ENCODINGS)
        delimiter = one_of([look.detected.delimiter for look in looks], SEVERAL_DELIMITERS)
        if how.encoding is None:
            self._detected["encoding"] = encoding
            self._others = next((look.detected.others for look in looks if look.detected.others), ())
        if how.delimiter is None:
            self._detected["delimiter"] = delimiter
        sheet = one_of([look.detected.sheet for look in looks], SEVERAL_SHEETS)
        if how.sheet is None:
            self._detected["sheet"] = sheet
        text = not looks or any(look.detected.format == "csv" for look in looks)
        self.files.say(f"{len(looks)} files")
        self.source.show_source(merged, chosen)
        self.delimiter.say(_delimiter(how.delimiter or delimiter))
        self.encoding.say(how.encoding or encoding or "Encoding")
        self.sheet.say(how.sheet or sheet)
        self.rows.say(counted(merged.rows, "row"))
        self.remarks.show_remarks(merged.said)
        for box, shown in (
            (self.files, len(looks) > 1),
            (self.delimiter, text),
            (self.encoding, text),
            (self.sheet, len(self._sheets) > 1),
        ):
            box.setHidden(not shown)
        self._show_dots()

    def show_reading(self, reading: bool) -> None:
        """Say that the files are read again, or no longer."""
        self._reading.setHidden(not reading)

    def mark(self, field: str) -> None:
        """Mark what a refusal is about, by the name of the option; "" marks nothing."""
        marked = {"encoding": self.encoding, "delimiter": self.delimiter, "sheet": self.sheet, "mapping": self.source}
        for box in self.boxes():
            box.set_marked(marked.get(field) is box)

    def _show_dots(self) -> None:
        shown = [box for box in self.boxes() if not box.isHidden()]
        for box, dot in self._dots.items():
            dot.setHidden(box not in shown[1:])

    def _say(self, how: HowToRead) -> None:
        if how != self._how:
            self._how = how
            self.howChanged.emit(how)

    def _fill_delimiters(self, menu: QMenu) -> None:
        self._offer_detected(menu, "delimiter", _delimiter, self._how.delimiter is None)
        for delimiter, word in DELIMITERS.items():
            how = replace(self._how, delimiter=delimiter)
            add_choice(menu, word, partial(self._say, how), chosen=self._how.delimiter == delimiter)

    def _fill_encodings(self, menu: QMenu) -> None:
        self._offer_detected(menu, "encoding", str, self._how.encoding is None)
        for encoding, text in encodings_offered(self._detected["encoding"], self._others):
            how = replace(self._how, encoding=encoding)
            add_choice(menu, text, partial(self._say, how), chosen=self._how.encoding == encoding)

    def _fill_sheets(self, menu: QMenu) -> None:
        self._offer_detected(menu, "sheet", str, self._how.sheet is None)
        for sheet in self._sheets:
            how = replace(self._how, sheet=sheet)
            add_choice(menu, sheet, partial(self._say, how), chosen=self._how.sheet == sheet)

    def _fill_rows(self, menu: QMenu) -> None:
        for header, text in (
            (True, "The first row holds the titles"),
            (False, "The first row is a user already"),
        ):
            how = replace(self._how, header=header)
            add_choice(menu, text, partial(self._say, how), chosen=self._how.header == header)

    def _offer_detected(self, menu: QMenu, option: str, word: Callable[[str], str], chosen: bool) -> None:
        found = self._detected[option]
        text = f"{word(found)}, {AS_DETECTED}" if found else AS_DETECTED.capitalize()
        how = HowToRead(
            None if option == "encoding" else self._how.encoding,
            None if option == "delimiter" else self._how.delimiter,
            None if option == "sheet" else self._how.sheet,
            self._how.header,
        )
        add_choice(menu, text, partial(self._say, how), chosen=chosen)
        menu.addSeparator()


class _FilesBox(MenuBox):
    """Says how many files there are; what it opens is no menu, but whatever ``wanted`` is connected with."""

    wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Files", lambda _menu: None, "small", parent)

    def open_menu(self) -> None:
        self.wanted.emit()


def _delimiter(delimiter: str) -> str:
    return delimiter if delimiter == SEVERAL_DELIMITERS else delimiter_word(delimiter) if delimiter else "Delimiter"
