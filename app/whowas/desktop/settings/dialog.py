"""The dialog in which everything about the window is chosen; each choice holds at once."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from whowas.desktop.keeping.backup_choice import MADE, BackupChoice
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.scrolled import FOR_BAR, ScrolledBody
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.settings.dates_section import DatesSection
from whowas.desktop.settings.looks_section import LooksSection
from whowas.desktop.settings.person_section import PersonSection
from whowas.desktop.settings.playing_section import PlayingSection
from whowas.desktop.settings.preferences import CHOICES, DEFAULTS, Preferences, kept_texts
from whowas.desktop.settings.section import Section

_WIDTH = 600
_BETWEEN = 20
"""Pixels between two sections."""


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
        self._area = ScrolledBody(self, _WIDTH)
        # It follows the focus, and is no stop itself.
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self._area.content)
        column.setContentsMargins(0, 0, FOR_BAR, 0)
        column.setSpacing(_BETWEEN)
        for section in (*sections, self._backup_section()):
            column.addWidget(section)
        column.addStretch(1)
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
        self._take(DEFAULTS)
        not_kept = self._said.text()
        self.say("")
        self._backups.choose_defaults()
        if not_kept:
            self.say(f"{not_kept} {self._said.text()}".rstrip())

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
        self.buttons.setContentsMargins(0, 0, FOR_BAR, 0)
        # To the left: it is no way out.
        self.buttons.removeWidget(defaults)
        self.buttons.insertWidget(0, defaults)
        self.add_button("Close", primary=True).clicked.connect(self.accept)
