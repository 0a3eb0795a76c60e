"""Files dragged over the window from elsewhere: it says that they can be dropped, and hands on which ones were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.icons import pixmap
from whowas.system import folders

_EDGE = 6
_RADIUS = 10
_WIDTH = 400
_ICON = 32
_LINE = 34
"""How high the line of the title is, in pixels."""
_PADDING = 20
_VEIL = 0.86
"""How much of the window the highlight hides: what lies below it is still seen."""


def _nothing_against_it() -> str:
    return ""


class FileDrop(QObject):
    """Takes the files that are dropped on a window, wherever in it, unless a dialog waits for an answer.

    ``dropped`` carries the paths, a list; ``refused`` a sentence where what was dropped is none of this computer's
    files; ``opened`` the path of a team file, which is opened and not imported. ``why_not`` says in a sentence why
    files are of no use just now, "" where they are; that is shown as they are dragged, and they are handed on all the
    same, for the sentence to stay.
    """

    dropped = Signal(list)
    refused = Signal(str)
    opened = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._highlight: DropHighlight | None = None
        self.why_not: Callable[[], str] = _nothing_against_it
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self._watch()

    def welcome_all(self) -> None:
        """Have nothing against files any more."""
        self.why_not = _nothing_against_it

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject; ``watched`` is the window, as a widget or as the system knows it."""
        if event.type() == QEvent.Type.Show:
            self._watch()
        if isinstance(event, QDropEvent):  # that of entering and those of moving are such events too
            return self._take(event)
        if event.type() in (QEvent.Type.DragLeave, QEvent.Type.WindowDeactivate):
            self._hide()
        elif event.type() == QEvent.Type.Resize and self._highlight is not None:
            self._highlight.setGeometry(self._area())
        return False

    def _watch(self) -> None:
        # Before Qt looks for a widget at that place: a text field would take the address of a file for text.
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def _take(self, event: QDropEvent) -> bool:
        urls = event.mimeData().urls()
        if not urls or QApplication.activeModalWidget() is not None:
            return False
        # The files stay where they are, whatever whoever drags them proposes.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if isinstance(event, QDragEnterEvent):
            self._show(urls)
        elif not isinstance(event, QDragMoveEvent):
            self._hide()
            self._hand_on(urls)
        return True

    def _show(self, urls: list[QUrl]) -> None:
        self._hide()
        opens = _team_file(urls) is not None
        self._highlight = DropHighlight(self._window, _called(urls), "" if opens else self.why_not(), opens=opens)
        self._highlight.setGeometry(self._area())
        self._highlight.show()
        self._highlight.raise_()

    def _area(self) -> QRect:
        """Return what of the window is covered: not its menus and its status line."""
        central = self._window.centralWidget() if isinstance(self._window, QMainWindow) else None
        return self._window.rect() if central is None else central.geometry()

    def _hide(self) -> None:
        if self._highlight is not None:
            self._highlight.hide()
            self._highlight.deleteLater()
            self._highlight = None

    def _hand_on(self, urls: list[QUrl]) -> None:
        if (team_file := _team_file(urls)) is not None:
            self.opened.emit(team_file)
        elif all(url.isLocalFile() for url in urls):
            self.dropped.emit([Path(url.toLocalFile()) for url in urls])
        else:
            self.refused.emit("Only files of this computer can be dropped here: save what you dragged, then drop that.")


class DropHighlight(QLabel):
    """Covers what lies below it while files are dragged, and says what becomes of them if they are dropped.

    A label for those who have it read out; what it looks like is painted here.
    """

    def __init__(self, area: QWidget, files: str, why_not: str, *, opens: bool = False) -> None:
        """``files`` is what the files are called; ``why_not`` is as FileDrop has it; ``opens`` what is no import."""
        super().__init__(area)
        self._title = "Files cannot be imported now" if why_not else "Drop to open" if opens else "Drop to import"
        self._drawing = "folder-open" if opens else "import"
        self._detail = why_not or files
        self._welcome = not why_not
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(self._title)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._detail)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a veil with a dashed edge, and a card in its middle."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_VEIL)
        painter.fillRect(self.rect(), colours.accent_soft if self._welcome else colours.window)
        painter.setOpacity(1)
        painter.setPen(QPen(colours.accent if self._welcome else colours.muted, 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), _RADIUS, _RADIUS)
        self._draw_card(painter)
        painter.end()

    def _draw_card(self, painter: QPainter) -> None:
        colours = theme.current()
        width = min(_WIDTH, self.width() - 6 * _EDGE)
        title, detail = QFont(self.font()), QFont(self.font())
        title.setPixelSize(sizes.scaled(16))
        title.setWeight(QFont.Weight.DemiBold)
        detail.setPixelSize(sizes.scaled(12))
        wrapped = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        inner = width - 2 * _PADDING
        text = self._detail if not self._welcome else _in_one_line(detail, self._detail, inner)
        needed = QFontMetrics(detail).boundingRect(QRect(0, 0, inner, self.height()), wrapped, text).height()
        card = QRect(0, 0, width, _PADDING + _ICON + _LINE + needed + _PADDING)
        card.moveCenter(self.rect().center())
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.surface)
        painter.drawRoundedRect(card, _RADIUS, _RADIUS)
        drawing = self._drawing if self._welcome else "info"
        colour = colours.accent if self._welcome else colours.muted
        picture = pixmap(drawing, _ICON, self.devicePixelRatioF(), colour)
        painter.drawPixmap(card.center().x() - _ICON // 2, card.top() + _PADDING, picture)
        line = QRect(card.left() + _PADDING, card.top() + _PADDING + _ICON, inner, _LINE)
        painter.setFont(title)
        painter.setPen(colours.text)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self._title)
        painter.setFont(detail)
        painter.setPen(colours.muted)
        painter.drawText(QRect(line.left(), line.bottom() + 1, inner, needed), wrapped, text)


def _in_one_line(font: QFont, text: str, width: int) -> str:
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, width)


def _team_file(urls: list[QUrl]) -> Path | None:
    """Return the one file that says where a shared directory is, None where that is not what is dragged."""
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() == folders.TEAM_SUFFIX else None


def _called(urls: list[QUrl]) -> str:
    return urls[0].fileName() if len(urls) == 1 else f"{len(urls):,} files"


def file_drop_on(window: QWidget) -> FileDrop:
    """Return what takes the files dropped on a window, made when it is first asked for."""
    found = window.findChild(FileDrop)
    return found if isinstance(found, FileDrop) else FileDrop(window)
