"""What is said above the rows of a preview: what was recognised, what is asked first, and what is not known yet."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.labels import ElidedLabel, TextLabel
from whowas.domain.fields import listed, shortened
from whowas.interchange.importing.told.sentences import MOST_NAMED

_ICON = 16
_RADIUS = 6
_MOST_STOPS = 3


class NoteLine(QWidget):
    """Sentences on one line, in muted letters; what does not fit is shown by a button at its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._short = ElidedLabel(token="muted", size=12)
        self._short.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._long = TextLabel(token="muted", size=12, wrap=True)
        self._long.hide()
        self._more = QPushButton("More")
        self._more.setProperty("link", True)
        self._more.setCheckable(False)
        self._more.clicked.connect(self._turn)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._short, 1)
        row.addWidget(self._long, 1)
        row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)

    def say(self, sentences: Iterable[str]) -> None:
        """Show these sentences; without any, nothing."""
        text = " ".join(sentences)
        if text != self._short.text():
            self._short.setText(text)
            self._long.setText(text)
            self._show_long(False)
        self.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _turn(self) -> None:
        self._show_long(self._long.isHidden())

    def _show_long(self, long: bool) -> None:
        self._long.setVisible(long)
        self._short.setVisible(not long)
        self._more.setText("Less" if long else "More")
        self._fit()

    def _fit(self) -> None:
        needed = self._short.fontMetrics().horizontalAdvance(" ".join(self._short.text().split()))
        self._more.setVisible(not self._long.isHidden() or needed > self.width())


class StopStrip(QWidget):
    """Says what stands against the whole import, with a box by which it is agreed to. Emits ``agreed(bool)``."""

    agreed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self._icon.setFixedWidth(_ICON)
        self._sentence = TextLabel(wrap=True)
        self.box = QCheckBox()
        self.box.toggled.connect(self.agreed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence, 1)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()
        theme.signals.changed.connect(self._draw)

    def show_stops(self, rows: PreviewRows) -> None:
        """Show what stands against an import; what was agreed to stays, and is told while it is about anybody."""
        asked = rows.asked
        if any(stop.advice for stop in rows.stops):
            self._check(False)
        self.box.setText("Delete them all the same" if asked.deleted else "Suspend them all the same")
        self.box.setVisible(not rows.stops or any(stop.advice for stop in rows.stops))
        agreed = self.box.isChecked() and asked.suspended + asked.deleted > 0
        self._sentence.setText(" ".join(_stopping(rows)) if rows.stops else _agreed(rows) if agreed else "")
        self.setVisible(bool(rows.stops) or agreed)
        self._draw()

    def forget(self) -> None:
        """Take back what was agreed to, without a word."""
        self._check(False)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().colour("removed"))
        painter.drawRoundedRect(self.rect(), _RADIUS, _RADIUS)
        painter.end()

    def _check(self, checked: bool) -> None:
        before = self.box.blockSignals(True)
        self.box.setChecked(checked)
        self.box.blockSignals(before)

    def _draw(self) -> None:
        self._icon.setPixmap(pixmap("alert", _ICON, self.devicePixelRatioF(), "error"))
        self.update()


class Strips(QWidget):
    """The three of them below each other, those of them that have something to say."""

    agreed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looking = TextLabel(token="muted", size=12, wrap=True)
        self._looking.hide()
        self._note = NoteLine()
        self._note.hide()
        self._stop = StopStrip()
        self._stop.agreed.connect(self.agreed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for strip in (self._stop, self._looking, self._note):
            column.addWidget(strip)

    def show_rows(self, rows: PreviewRows, *, looking: bool, total: int) -> None:
        """Say what there is to be said of rows; ``looking`` says that they are the first of ``total`` only."""
        self._note.say((*_new("field", rows.fields), *_new("group", rows.groups), *rows.said))
        self._looking.setText(_looking(len(rows), total) if looking else "")
        self._looking.setVisible(looking)
        if looking:
            self._stop.hide()  # of the first rows it is not known who is missing
        else:
            self._stop.show_stops(rows)
        self.setVisible(any(not strip.isHidden() for strip in (self._stop, self._looking, self._note)))

    def forget(self) -> None:
        """Take back what was agreed to, without a word."""
        self._stop.forget()


def _new(noun: str, names: tuple[str, ...]) -> Iterable[str]:
    if names:
        few = [shortened(name) for name in names[:MOST_NAMED]]
        rest = len(names) - len(few)
        told = listed([*few, f"{rest:,} more"] if rest else few)
        yield f"New {noun if len(names) == 1 else noun + 's'} {told}."


def _stopping(rows: PreviewRows) -> Iterable[str]:
    for stop in rows.stops[:_MOST_STOPS]:
        yield f"{shortened(stop.file)}: {stop.reason}" if stop.file else stop.reason
    rest = len(rows.stops) - _MOST_STOPS
    if rest > 0:
        yield f"It is so of {rest:,} more {'list' if rest == 1 else 'lists'}."


def _agreed(rows: PreviewRows) -> str:
    gone, becomes = rows.asked.suspended + rows.asked.deleted, "deleted" if rows.asked.deleted else "suspended"
    who = "1 user who is" if gone == 1 else f"{gone:,} users who are"
    return f"{who} not in {'a' if rows.several_files else 'the'} list will be {becomes}."


def _looking(first: int, total: int) -> str:
    others = f"the other {total - first:,}" if total > first else "the others"
    return f"These are the first {first:,} rows; {others} are being looked at…"
