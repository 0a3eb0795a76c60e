"""The dialog that shows what an import would do, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from whowas.desktop.kit.dialogs.frame import EDGE, DialogFrame
from whowas.desktop.kit.dialogs.lines_table import LinesView
from whowas.desktop.kit.labels import TextLabel
from whowas.domain.fields import label, shortened
from whowas.interchange.importing.outcome import RowOutcome
from whowas.interchange.importing.sentences import reason_of

_WIDTH = 560
_WITH_A_LIST = 720, 480
_HIGHEST, _HIGHEST_ALONE = 190, 400
"""How high, in pixels, what is told may be above a list, and without one, on a screen 640 pixels high."""
_APART = 8
_LEAST_OF_THE_LIST = 150
_COLUMNS = (72, 120)
_MOST_OF_A_REASON = 300
"""How much of a reason is shown below the table, in characters; its tool tip has more."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """What the dialog shows of an import: in one sentence, what was recognised or supposed, and what is refused.

    ``refused`` are the first of ``refused_lines`` lines that are not taken, or only without one field. ``nobody`` says
    that there is nothing else in the file, and so no rest to be imported.
    """

    summary: str
    told: tuple[str, ...]
    refused: tuple[RowOutcome, ...]
    refused_lines: int
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class _RefusedLine:
    row: RowOutcome

    def texts(self) -> tuple[str, ...]:
        return (f"{self.row.line:,}" if self.row.line else "", label(self.row.field), reason_of(self.row))


class _Told(QScrollArea):
    """Sentences below each other, ``width`` pixels wide; those that take more than ``highest`` pixels are scrolled."""

    def __init__(self, sentences: Sequence[str], width: int, highest: int) -> None:
        super().__init__()
        self.setAccessibleName("What was recognised")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_APART)
        for sentence in sentences:
            column.addWidget(TextLabel(_unbroken(sentence), token="muted", wrap=True))
        column.addStretch(1)  # or sentences of several lines would stand further apart than others
        self.setWidget(inside)
        needed = column.heightForWidth(width)
        if needed <= highest:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # there is nothing to be scrolled
        self.setFixedHeight(min(needed, highest))


class ImportPreviewDialog(DialogFrame):
    """Says what a file holds and lists what of it would be refused. Accepted: go on, without the refused lines."""

    def __init__(self, file: str, previewed: Previewed, parent: QWidget | None = None, *, why: str = "") -> None:
        """``file`` is the name of what would be imported, ``why`` says why it is asked again."""
        super().__init__(f"Import {file}", parent)
        width, height = _WITH_A_LIST if previewed.refused else (_WIDTH, 0)
        self.setMinimumWidth(width)
        self.setAccessibleDescription(previewed.summary)
        if why:
            self.body.addWidget(TextLabel(why, token="error", wrap=True))
        self.body.addWidget(TextLabel(previewed.summary, wrap=True))
        told = [*previewed.told, *([_OPTIONS] if _names_an_option(previewed) else [])]
        if told:
            self.body.addWidget(_Told(told, width - 2 * EDGE, _HIGHEST if previewed.refused else _HIGHEST_ALONE))
        if previewed.refused:
            self._list(previewed)
        else:
            self.body.addStretch(1)
        self._add_answers(previewed)
        self.resize(QSize(width, height).expandedTo(QSize(0, self.heightForWidth(width))))

    def _list(self, previewed: Previewed) -> None:
        self.body.addSpacing(4)
        self.body.addWidget(TextLabel(_counted(previewed), token="error"))
        self._table = LinesView("Refused lines", ("Line", "Field", "Reason"), _COLUMNS)
        self._table.setMinimumHeight(_LEAST_OF_THE_LIST)
        self._table.lines.show([_RefusedLine(row) for row in previewed.refused])
        self.body.addWidget(self._table, 1)
        # A row of the table has room for the beginning of a sentence only.
        self._whole = TextLabel(wrap=True)
        self._whole.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._whole.setMinimumHeight(2 * self._whole.fontMetrics().lineSpacing())
        self.body.addWidget(self._whole)
        self._table.selectionModel().currentRowChanged.connect(self._show_whole)
        self._table.selectRow(0)

    def _show_whole(self, row: QModelIndex) -> None:
        reason = row.siblingAtColumn(len(_COLUMNS)).data()
        self._whole.setText(_unbroken(shortened(reason, _MOST_OF_A_REASON)))

    def _add_answers(self, previewed: Previewed) -> None:
        if previewed.nobody:
            close = self.add_button("Close", primary=True)
            close.clicked.connect(self.reject)
            close.setFocus()
            return
        self.add_cancel()
        text = "Import the rest" if previewed.refused else "Import"
        going_on = self.add_button(text, primary=True)
        going_on.clicked.connect(self.accept)
        going_on.setFocus()


_OPTIONS = "What begins with “--” is an option of “whowas import”, on the command line."


def _unbroken(sentence: str) -> str:
    """Return a sentence whose lines are not broken within the name of an option."""
    return sentence.replace("--", "-\u2060-\u2060")


def _names_an_option(previewed: Previewed) -> bool:
    """Say whether any sentence advises what can only be said on the command line."""
    return any(" --" in text for text in (*previewed.told, *(row.reason for row in previewed.refused)))


def _counted(previewed: Previewed) -> str:
    lines = "1 line" if previewed.refused_lines == 1 else f"{previewed.refused_lines:,} lines"
    in_part = " as it is" if previewed.refused_lines == 1 else " as they are"
    how = in_part if any(row.taken_without_field for row in previewed.refused) else ""
    shown = len(previewed.refused)
    first = "" if shown == previewed.refused_lines else f"; these are the first {shown:,}"
    return f"{lines} cannot be imported{how}{first}:"
