"""The dialog that lists several files before they are imported: what each is, since when it is true, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from whowas.desktop.exchange.assistant.files.table import FilesModel, FilesView
from whowas.desktop.exchange.assistant.jobs.looking import SeenFile
from whowas.desktop.kit import dates
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel
from whowas.interchange.importing.dates.list_dates import date_in_name

_WIDTH, _HEIGHT = 760, 480
EACH_DATED = "Each file is a list of its own date"
TOGETHER = "All of them together are one list of today"


class FilesDialog(DialogFrame):
    """``goesOn`` carries the files that can be taken and since when each list is true (UTC µs, by its name), if at all.

    It stays open then: its owner closes it once these could be read together, or else calls ``say``.
    """

    goesOn = Signal(list, dict)

    def __init__(self, files: Sequence[SeenFile], moments: Mapping[str, int], parent: QWidget | None = None) -> None:
        """``files`` are at least two, of which one at least can be taken; ``moments`` are what is said of them."""
        super().__init__(f"Import {len(files):,} files", parent)
        days = [None if seen.wrong else _day_of(seen.file.source.name, moments) for seen in files]
        ordered = sorted(zip(files, days, strict=True), key=_first_what_is_asked)
        self._model = FilesModel([seen for seen, _ in ordered], [day for _, day in ordered], self)
        self.body.addWidget(TextLabel(_counted(files), token="muted", wrap=True))
        self._each, self._together = QRadioButton(EACH_DATED), QRadioButton(TOGETHER)
        choice = QButtonGroup(self)
        can_be_dated = all(seen.rows is not None for seen in self._model.right) and len(self._model.right) > 1
        for button in (self._each, self._together):
            choice.addButton(button)
            self.body.addWidget(button)
            button.setVisible(can_be_dated)
        (self._each if can_be_dated and any(days) else self._together).setChecked(True)
        self._table = FilesView(self._model)
        self.body.addWidget(self._table, 1)
        self._wrong = TextLabel(token="error", wrap=True)
        self.body.addWidget(self._wrong)
        self.add_cancel()
        self._next = self.add_button("Next", primary=True)
        self._next.clicked.connect(self._go_on)
        self._each.toggled.connect(self._model.show_dates)
        self._model.changed.connect(self._judge)
        self.resize(_WIDTH, _HEIGHT)
        self._model.show_dates(self._each.isChecked())
        self._table.setFocus()

    def say(self, sentence: str) -> None:
        """Say why the files cannot be taken together."""
        self._wrong.setText(sentence)
        self._wrong.show()
        announce(self, sentence, urgent=True)

    def _judge(self) -> None:
        wrong = self._model.what_is_wrong()
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        self._next.setEnabled(not wrong)

    def _go_on(self) -> None:
        dated = self._each.isChecked()
        files = [seen.file for seen in (self._model.in_order() if dated else self._model.right)]
        self.goesOn.emit(files, dict(self._model.moments()) if dated else {})


def _day_of(name: str, moments: Mapping[str, int]) -> date | None:
    return dates.local(moments[name]).date() if name in moments else date_in_name(name)


def _first_what_is_asked(listed: tuple[SeenFile, date | None]) -> tuple[bool, bool, date, str]:
    """Order files by their dates, behind those that cannot be taken and those that have none."""
    seen, day = listed
    return not seen.wrong, day is not None, day or date.min, seen.file.source.name


def _counted(files: Sequence[SeenFile]) -> str:
    wrong = sum(1 for seen in files if seen.wrong)
    if not wrong:
        return "They are imported as one change."
    left = len(files) - wrong
    cannot = "1 file cannot be imported and is" if wrong == 1 else f"{wrong:,} files cannot be imported and are"
    rest = "the other one is" if left == 1 else f"the other {left:,} are"
    return f"{cannot} left out; {rest} imported as one change."
