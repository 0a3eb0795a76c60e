"""A bar of tabs with a count beside a title, and the pages behind them; ``panel`` says which tabs there are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.metrics import TABS_HEIGHT

_SPACE = 16
"""Between two tabs."""
INSET = 6
"""How far inside the bar its first tab begins: the mark of the keyboard's focus needs that much around a word."""
_UNDERLINE = 2
_COMPACT = 29
"""Its height where rows lie close to each other."""


class DetailsTabs(QTabBar):
    """Words on a line; the chosen one is bold and underlined, and its page in ``pages`` is in front.

    A tab is called by its title, which is its name for screen readers as well; its count is drawn behind it but is no
    part of that name.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pages = QStackedWidget(parent)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._counts: dict[int, str] = {}
        theme.signals.changed.connect(self._look_again)
        self.currentChanged.connect(self._show_page)

    def add(self, title: str, page: QWidget) -> None:
        """Add a tab behind the others."""
        self.pages.addWidget(page)
        self.addTab(title)

    def add_later(self, title: str, make: Callable[[], QWidget]) -> None:
        """Add a tab whose page is made when it is chosen for the first time."""
        self.add(title, _LaterPage(make, self.pages))

    def choose(self, title: str) -> None:
        """Bring a tab's page to the front."""
        self.setCurrentIndex(self._index(title))

    def is_chosen(self, title: str) -> bool:
        """Say whether a tab's page is in front."""
        return self.currentIndex() == self._index(title)

    def set_enabled(self, title: str, enabled: bool) -> None:
        """Say whether a tab can be chosen."""
        index = self._index(title)
        if self.isTabEnabled(index) != enabled:  # or the bar would paint itself again
            self.setTabEnabled(index, enabled)

    def set_count(self, title: str, count: str) -> None:
        """Show ``count`` behind the title of a tab; "" shows none."""
        index = self._index(title)
        if self._counts.get(index, "") != count:
            self._counts[index] = count
            # Only setting a text makes the bar measure its tabs again.
            self.setTabText(index, self.tabText(index))
            self.updateGeometry()
            self.update()

    def tabSizeHint(self, index: int) -> QSize:
        # Measured as if chosen, or choosing a tab would push its neighbours.
        begin = INSET if index == 0 else 0
        return QSize(begin + self._width(index, self._font(chosen=True)) + _SPACE, sizes.spaced(TABS_HEIGHT, _COMPACT))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def _look_again(self) -> None:
        """Take in other colours and sizes: only setting a text makes the bar measure its tabs again."""
        for index in range(self.count()):
            self.setTabText(index, self.tabText(index))
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.fillRect(INSET, self.height() - 1, self.width() - 2 * INSET, 1, tokens.line)
        for index in range(self.count()):
            self._paint_tab(painter, index)
        painter.end()

    def _index(self, title: str) -> int:
        return next(index for index in range(self.count()) if self.tabText(index) == title)

    def _show_page(self, index: int) -> None:
        page = self.pages.widget(index)
        if isinstance(page, _LaterPage):
            page.fill()
        self.pages.setCurrentIndex(index)

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        tokens = theme.current()
        chosen = index == self.currentIndex()
        font = self._font(chosen=chosen)
        word = QFontMetrics(font).horizontalAdvance(self.tabText(index))
        area = self.tabRect(index).adjusted(INSET if index == 0 else 0, 0, -_SPACE, -_UNDERLINE)
        middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(font)
        usual = tokens.muted if self.isTabEnabled(index) else tokens.faint
        painter.setPen(tokens.text if chosen else usual)
        painter.drawText(area, middle, self.tabText(index))
        painter.setPen(tokens.muted if self.isTabEnabled(index) else tokens.faint)
        count = self._counts.get(index, "")
        painter.drawText(area.adjusted(word, 0, 0, 0), middle, f" {count}" if count else "")
        if chosen:
            bottom = self.height() - _UNDERLINE
            painter.fillRect(QRect(area.left(), bottom, self._width(index, font), _UNDERLINE), tokens.accent)
            if self.hasFocus():
                painter.setPen(tokens.accent)
                painter.drawRoundedRect(area.adjusted(1 - INSET, 4, INSET - 2, -5), 4, 4)

    def _width(self, index: int, font: QFont) -> int:
        count = self._counts.get(index, "")
        text = f"{self.tabText(index)} {count}" if count else self.tabText(index)
        return QFontMetrics(font).horizontalAdvance(text)

    def _font(self, *, chosen: bool) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(sizes.scaled(13))
        font.setWeight(QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        return font


class _LaterPage(QWidget):
    """A page whose content is made on first use."""

    def __init__(self, make: Callable[[], QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self._make: Callable[[], QWidget] | None = make

    def fill(self) -> None:
        """Make the content unless it is there."""
        if self._make is not None:
            around = QVBoxLayout(self)
            around.setContentsMargins(0, 0, 0, 0)
            around.addWidget(self._make())
            self._make = None
