"""The dialog in which everything about the window is chosen; each choice holds at once."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from whowas.desktop.keeping.backup_choice import MADE, BackupChoice
from whowas.desktop.kit import sizes
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.kit.viewports import own_viewport
from whowas.desktop.settings.dates_section import DatesSection
from whowas.desktop.settings.looks_section import LooksSection
from whowas.desktop.settings.person_section import PersonSection
from whowas.desktop.settings.playing_section import PlayingSection
from whowas.desktop.settings.preferences import CHOICES, DEFAULTS, Preferences, kept_texts
from whowas.desktop.settings.section import Section

_WIDTH = 600
_BETWEEN, _FOR_BAR = 20, 12
"""Pixels between two sections, and between them and their scroll bar."""


class SettingsDialog(DialogFrame):
    """Shows preferences in sections; ``changed`` carries Preferences whenever another one is chosen.

    Backups are no preferences of the window, as the command line goes by them too: they are kept right here.
    """

    changed = Signal(object)

    def __init__(self, preferences: Preferences, login: str, account: str = "", parent: QWidget | None = None) -> None:
        """``login`` is the name of who chose none, ``account`` that of an open shared directory, "" for none."""
        super().__init__("Settings", parent)
        self._preferences = preferences
        self._person = PersonSection(login, account)
        self._backups = BackupChoice()
        self._said = TextLabel(token="muted", size=12, wrap=True)
        self._said.hide()
        self._backups.said.connect(self.say)
        sections = (self._person, LooksSection(), DatesSection(), PlayingSection())
        self._sections: tuple[Section, ...] = sections
        self._area = _Scrolled((*sections, self._backup_section()), self)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._said)
        for section in sections:
            section.chosen.connect(self._choose)
        self._add_buttons()
        self._show()

    def say(self, sentence: str) -> None:
        """Say what came of a choice; "" takes that away."""
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        if sentence:
            announce(self, sentence)

    def accept(self) -> None:
        """See QDialog; a name that cannot be one is to be seen before that."""
        if self._person.take():
            super().accept()
        else:
            self._person.focus_name()

    def _choose(self, name: str, kept: str) -> None:
        changed: dict[str, Any] = {name: CHOICES[name][kept] if name in CHOICES else kept}
        self._take(self._preferences._replace(**changed))

    def _choose_defaults(self) -> None:
        self._backups.choose_defaults()
        self._take(DEFAULTS)

    def _take(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._show()
        self.changed.emit(preferences)
        # Later, as segments and labels take in another size of the text first.
        QTimer.singleShot(0, self._area, self._area.ask_for_room)

    def _show(self) -> None:
        kept = kept_texts(self._preferences)
        for section in self._sections:
            section.show_kept(kept)

    def _backup_section(self) -> Section:
        section = Section("Backups")
        section.rows.addWidget(self._backups, section.rows.rowCount(), 0, 1, 2)
        hint = TextLabel(MADE, token="muted", size=12, wrap=True)
        section.rows.addWidget(hint, section.rows.rowCount(), 0, 1, 2)
        return section

    def _add_buttons(self) -> None:
        defaults = self.add_button("Defaults")
        defaults.setToolTip(tool_tip("Put back everything here, your name and where backups are kept as well"))
        defaults.clicked.connect(self._choose_defaults)
        # In line with the fields, which leave room for a scroll bar.
        self.buttons.setContentsMargins(0, 0, _FOR_BAR, 0)
        # To the left: it is no way out.
        self.buttons.removeWidget(defaults)
        self.buttons.insertWidget(0, defaults)
        self.add_button("Close", primary=True).clicked.connect(self.accept)


class _Scrolled(QScrollArea):
    """The sections below each other, as high as they are while the screen has room for that."""

    def __init__(self, sections: tuple[Section, ...], parent: QWidget) -> None:
        super().__init__(parent)
        viewport = own_viewport(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        # It follows the focus, and is no stop itself.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._all = QWidget(viewport)
        column = QVBoxLayout(self._all)
        column.setContentsMargins(0, 0, _FOR_BAR, 0)
        column.setSpacing(_BETWEEN)
        for section in sections:
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(self._all)

    def sizeHint(self) -> QSize:
        width = min(sizes.scaled(_WIDTH), self.screen().availableGeometry().width() - 120)
        most = self.screen().availableGeometry().height() - sizes.scaled(180)
        return QSize(width, min(self._all.heightForWidth(width), most))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._all.minimumSizeHint().width() + _FOR_BAR, 160)

    def ask_for_room(self) -> None:
        """Ask for as much room as the sections have use for now."""
        self.updateGeometry()
        window = self.window()
        window.resize(window.sizeHint())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # By itself, a scroll area does not update its own geometry when its content does.
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
