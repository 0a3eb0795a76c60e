"""The window of the assistant: a heading with its steps, one page at a time, and a foot with what goes on from it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Signal, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from whowas.desktop.exchange.assistant.frame.foot import Foot
from whowas.desktop.exchange.assistant.frame.notice import AssistantNotice
from whowas.desktop.exchange.assistant.frame.steps import AssistantSteps
from whowas.desktop.kit import plain_text, theme
from whowas.desktop.kit.dialogs.frame import EDGE, DialogFrame
from whowas.desktop.kit.labels import ElidedLabel

_SIZE: Final = QSize(960, 680)
_ROOM: Final = QSize(40, 60)
"""How much of a small window or screen is left around it, in pixels."""
_TITLE = 22
_BELOW_TITLE = 6
_BELOW_SUBTITLE = 4
_BELOW = 11
"""How far the foot is from the rule above it and from the lower side, in pixels."""
BEFORE_PREVIEW = "Nothing is saved before you have seen the preview"
UNDOABLE = "One change, can be undone at any time"


class AssistantDialog(DialogFrame):
    """Shows ``columns`` or ``preview``; whoever owns it says when, and does what the buttons ask for.

    What closes it is Cancel, Escape, or the window's own button; nothing was saved then.
    """

    nextWanted = Signal()
    backWanted = Signal()
    importWanted = Signal()
    refusedWanted = Signal()

    def __init__(self, called: str, columns: QWidget, preview: QWidget, parent: QWidget | None = None) -> None:
        """``called`` is the file, or what the files are called together."""
        super().__init__(f"Import {called}", parent)
        self.columns, self.preview = columns, preview
        self.foot = Foot()
        self.notice = AssistantNotice()
        self.steps = AssistantSteps()
        self._subtitle = ElidedLabel(token="muted")
        self._subtitle.setContentsMargins(0, 0, 0, _BELOW_SUBTITLE)
        self._pages = QStackedWidget()
        self._only_preview = False
        self._lay_out()
        self.resize(_SIZE)
        self.show_columns()

    def name(self, called: str) -> None:
        """Say what is imported."""
        self.setWindowTitle(plain_text.title(f"Import {called}"))
        self.heading.setText(f"Import {called}")

    def show_columns(self) -> None:
        """Show the first page."""
        self._show_page(self.columns)
        self.steps.show_step("Columns")
        self.foot.say(BEFORE_PREVIEW)

    def show_preview(self, subtitle: str, *, only: bool = False) -> None:
        """Show the second page; ``subtitle`` says what it is of. It is the ``only`` one where nothing can be said."""
        self._only_preview = self._only_preview or only
        self._subtitle.setText(subtitle)
        self._show_page(self.preview)
        self.steps.show_step("Preview")

    @property
    def on_preview(self) -> bool:
        """Whether the second page is shown."""
        return self._pages.currentWidget() is self.preview

    def wait(self) -> None:
        """Let nobody go on before it is known what would become of the rows."""
        self.next.setEnabled(False)
        self.import_button.setEnabled(False)
        self.refused_button.setEnabled(False)

    def stop_waiting(self) -> None:
        """Show what stands in the foot as long as nothing is known."""
        self.foot.say("" if self.on_preview else BEFORE_PREVIEW)

    def offer_import(self, text: str, counts: str) -> None:
        """Say what the last button does, and what that comes to."""
        self.import_button.setText(text)
        self.import_button.setEnabled(True)
        self.foot.promise(UNDOABLE, counts)

    def offer_nothing(self, why: str) -> None:
        """Say why nothing can be imported."""
        self.import_button.setText("Import")
        self.import_button.setEnabled(False)
        self.foot.say(why)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rule above the foot from edge to edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        top = self.foot.mapTo(self, self.foot.rect().topLeft()).y()
        painter.fillRect(0, top - _BELOW, self.width(), 1, theme.current().colour("line"))
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        """Be no larger than the window nor the screen, and stand in the middle of the window."""
        parent, screen = self.parentWidget(), self.screen().availableGeometry()
        over = screen if parent is None else parent.window().geometry()
        room = over.size().boundedTo(screen.size()) - _ROOM
        self.resize(self.size().boundedTo(room).expandedTo(self.minimumSizeHint()))
        place = QRect(QPoint(), self.size())
        place.moveCenter(over.center())
        # Qt would leave room for a frame that not every desktop draws, and so stand aside from the middle.
        self.move(max(screen.left(), place.left()), max(screen.top(), place.top()))
        super().showEvent(event)

    def _show_page(self, page: QWidget) -> None:
        preview = page is self.preview
        self._subtitle.setVisible(preview)
        self._pages.setCurrentWidget(page)
        for button, there in (
            (self.refused_button, preview),
            (self.back, preview and not self._only_preview),
            (self.import_button, preview),
            (self.cancel, not preview or self._only_preview),
            (self.next, not preview),
        ):
            button.setVisible(there)
        # Enter goes on to what saves nothing; somebody who searches the preview presses it, too.
        self.next.setDefault(not preview)
        self.import_button.setDefault(False)
        page.setFocus()

    def _lay_out(self) -> None:
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.removeWidget(self.heading)
        title = QHBoxLayout()
        title.addWidget(self.heading, 1)
        title.addWidget(self.steps)
        top = QVBoxLayout()
        top.setSpacing(_BELOW_TITLE)
        top.addLayout(title)
        top.addWidget(self._subtitle)
        column.insertLayout(0, top)
        column.setContentsMargins(EDGE, _TITLE, EDGE, _BELOW)
        self.body.setSpacing(0)
        self.body.addWidget(self._pages, 1)
        self.body.addWidget(self.notice)
        self.body.addSpacing(_BELOW)
        self.buttons.insertWidget(0, self.foot, 4)
        self.cancel = self.add_cancel()
        self.next = self._add("Next", self.nextWanted, primary=True)
        self.refused_button = self._add("Save the refused rows…", self.refusedWanted)
        self.back = self._add("Back", self.backWanted)
        self.import_button = self._add("Import", self.importWanted, primary=True)
        self._pages.addWidget(self.columns)
        self._pages.addWidget(self.preview)

    def _add(self, text: str, wanted: SignalInstance, *, primary: bool = False) -> QPushButton:
        button = self.add_button(text, primary=primary)
        button.clicked.connect(wanted)
        return button
