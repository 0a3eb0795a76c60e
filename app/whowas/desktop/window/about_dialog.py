"""The dialogs of the Help menu: the keyboard shortcuts, and About with versions, folders, licences and updates."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QGridLayout,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from whowas import __version__
from whowas.desktop.kit import sizes
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.scrolled import FOR_BAR, ScrolledBody
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.settings.stored import Settings
from whowas.desktop.window import update_check
from whowas.desktop.window.bundled_parts import Part, bundled_parts, licence_texts
from whowas.system import folders

_ROW = 26
_COLUMNS = 2
_LARGE = 125
"""From so large a text on, in percent, keys are listed in one column."""
_OFF = "Nothing is asked while this is off. When it is on, opening this dialog asks which version is the newest."


_KEYS_OF_PARTS = (
    ("Table: to the form, to the field", ("Return", "F2")),
    ("Table: select the row as well, or no more", ("Ctrl+Space",)),
    ("Timeline: a change back, on", ("Left", "Right")),
    ("Timeline: a tenth back, on", ("PgDown", "PgUp")),
    ("Timeline: to the beginning, to now", ("Home", "End")),
    ("Timeline: to the sign before, after", ("Ctrl+Left", "Ctrl+Right")),
    ("Timeline: look closer, from further off", ("+", "-")),
    ("Timeline: look at all of it", ("0",)),
    ("Timeline: look at what is before, after", ("Shift+Left", "Shift+Right")),
    ("Changes: fold, unfold", ("Left", "Right")),
    ("Changes, History: go to that moment", ("Return",)),
    ("History: undo that change", ("U",)),
    ("Search, filter: empty it", ("Esc",)),
)
"""What keys do where they belong to a part of the window, not to an action."""


class ShortcutsDialog(DialogFrame):
    """Lists every action that has a key, as the actions themselves say it, and what keys do in parts of the window."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__("Keyboard shortcuts", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        area = ScrolledBody(self)
        area.setAccessibleName("Keyboard shortcuts")
        grid = QGridLayout(area.content)
        grid.setContentsMargins(0, 0, FOR_BAR, 0)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(6)
        known = [
            (action.text().replace("&", "") + _where(action), action.shortcuts())
            for action in actions
            if not action.shortcut().isEmpty()
        ]
        known += [(text, [QKeySequence(keys) for keys in several]) for text, several in _KEYS_OF_PARTS]
        rows = -(-len(known) // (1 if sizes.percent() >= _LARGE else _COLUMNS))
        for place, (text, several) in enumerate(known):
            native = [keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in several if not keys.isEmpty()]
            row, column = place % rows, 2 * (place // rows)
            grid.addWidget(TextLabel(text), row, column)
            grid.addWidget(TextLabel(", ".join(native), token="muted"), row, column + 1)
        self.body.addWidget(area, 1)
        self.add_button("Close", primary=True).clicked.connect(self.accept)


def _where(action: QAction) -> str:
    """Say where an action's keys work, if not everywhere: what is done to users is reached from their table."""
    return " (in the table)" if action.shortcutContext() == Qt.ShortcutContext.WidgetShortcut else ""


class AboutDialog(DialogFrame):
    """The version, where files are kept, what the program is made of, and whether to ask for a newer one."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("About Whowas", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self.body.addWidget(TextLabel(f"Whowas {__version__}: a user directory that remembers. MIT licence."))
        self.body.addLayout(_folders())
        self.body.addSpacing(8)
        self.body.addWidget(TextLabel("It is made with", token="muted", size=12))
        self.body.addWidget(_table(bundled_parts()), 1)
        self.body.addSpacing(8)
        self._updates = QCheckBox("Check for updates")
        self._answer = TextLabel(token="muted", size=12, wrap=True)
        self.body.addWidget(self._updates)
        self.body.addWidget(self._answer)
        self._offer_updates()
        self.add_button("Close", primary=True).clicked.connect(self.accept)

    def _offer_updates(self) -> None:
        if not update_check.address():
            self._updates.setEnabled(False)
            self._answer.setText(update_check.NOT_ASKED)
            return
        self._updates.setChecked(self._settings.checks_for_updates())
        self._updates.toggled.connect(self._choose)
        self._ask()

    def _choose(self, checks: bool) -> None:
        self._settings.set_checks_for_updates(checks)
        self._ask()

    def _ask(self) -> None:
        if self._updates.isChecked():
            self._answer.setText("Asking…")
            asking = update_check.Asking()
            asking.answered.connect(self._show_answer, Qt.ConnectionType.QueuedConnection)
            asking.start(update_check.address())
        else:
            self._answer.setText(_OFF)

    def _show_answer(self, sentence: str) -> None:
        if self._updates.isChecked():
            self._answer.setText(sentence)
            announce(self, sentence)


def _folders() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    for row, (what, folder) in enumerate(
        (
            ("Your directories", folders.data()),
            ("Settings", folders.config()),
            ("Drafts, backups and log", folders.state()),
            ("What can be made again", folders.cache()),
            *((("Licence texts", texts),) if (texts := licence_texts()) else ()),
        )
    ):
        path = TextLabel(str(folder), size=12, wrap=True)
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(TextLabel(what, token="muted", size=12), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(path, row, 1)
    return grid


def _table(parts: Sequence[Part]) -> QTableWidget:
    headings = ("Part", "Version", "Licence")
    table = QTableWidget(len(parts), len(headings))
    table.setAccessibleName("Parts")
    table.setHorizontalHeaderLabels(headings)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(sizes.scaled(_ROW))
    for row, part in enumerate(parts):
        for column, text in enumerate((part.name, part.version or "unknown", part.licence)):
            table.setItem(row, column, QTableWidgetItem(text))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setStretchLastSection(True)
    table.setColumnWidth(0, 160)
    table.setColumnWidth(1, 80)
    table.setMinimumSize(600, 6 * _ROW)
    return table
