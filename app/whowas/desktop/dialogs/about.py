"""What the program is, and which keys it knows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from whowas import __version__, places
from whowas.desktop.dialogs.frame import DialogFrame
from whowas.desktop.text_label import TextLabel


class ShortcutsDialog(DialogFrame):
    """Lists every action that has a key, as the actions themselves say it."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__("Keyboard shortcuts", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(6)
        with_keys = [action for action in actions if not action.shortcut().isEmpty()]
        for row, action in enumerate(with_keys):
            keys = ", ".join(
                keys.toString(QKeySequence.SequenceFormat.NativeText)
                for keys in action.shortcuts()
                if not keys.isEmpty()
            )
            grid.addWidget(TextLabel(action.text().replace("&", "")), row % 12, 2 * (row // 12))
            grid.addWidget(TextLabel(keys, token="muted"), row % 12, 2 * (row // 12) + 1)
        self.body.addLayout(grid)
        self.add_button("Close", primary=True).clicked.connect(self.accept)


class AboutDialog(DialogFrame):
    """The version, and where files are kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("About Whowas", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.body.addWidget(TextLabel(f"Whowas {__version__}: a user directory that remembers."))
        for what, folder in (
            ("Your directories", places.data()),
            ("Settings", places.config()),
            ("Drafts and log", places.state()),
            ("What can be made again", places.cache()),
        ):
            line = TextLabel(f"{what}: {folder}", token="muted", size=12)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.body.addWidget(line)
        self.add_button("Close", primary=True).clicked.connect(self.accept)
