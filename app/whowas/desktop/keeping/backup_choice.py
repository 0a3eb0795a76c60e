"""Choosing whether Whowas makes backups by itself, and where they are kept: for every directory, and at once."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QPushButton, QWidget

from whowas.desktop.kit.labels import TextLabel
from whowas.safekeeping import backup_places
from whowas.safekeeping.backup_places import BackupSettings

MADE = (
    "Whowas makes a backup by itself before an import, before everything is restored, before the file is migrated "
    "and once a day of use. It keeps all of today, one a day for a week, then one a week, then one a month, as long "
    "as they take no more than 2 GB."
)


class BackupChoice(QWidget):
    """A row of choices; ``changed`` says that one was made, and ``said`` carries why one could not be."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._makes = QCheckBox("Make backups")
        self._place = TextLabel(token="muted", size=12, wrap=True)
        self._own_place = QPushButton("Keep with Whowas")
        change = QPushButton("Change…")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._makes)
        row.addSpacing(8)
        row.addWidget(self._place, 1)
        for button, answer in ((self._own_place, self._choose_own), (change, self._ask_place)):
            button.setAutoDefault(False)
            button.clicked.connect(answer)
            row.addWidget(button)
        self._show_settings()
        self._makes.toggled.connect(self._switch)

    @property
    def makes(self) -> bool:
        """Whether backups are made."""
        return self._makes.isChecked()

    def choose_defaults(self) -> None:
        """Have backups made, and kept with Whowas; where older ones lie is still known."""
        self._keep(replace(backup_places.settings().at(None), makes=True))

    def _switch(self, makes: bool) -> None:
        self._keep(replace(backup_places.settings(), makes=makes))

    def _ask_place(self) -> None:
        place = str(backup_places.places()[0])
        chosen = QFileDialog.getExistingDirectory(self, "Where to keep backups", place)
        if chosen and not os.access(chosen, os.W_OK | os.X_OK):
            self.said.emit(f"“{chosen}” cannot be written to, so backups stay where they are.")
        elif chosen:
            self._choose_place(Path(chosen))

    def _choose_own(self) -> None:
        self._choose_place(None)

    def _choose_place(self, place: Path | None) -> None:
        own = place == backup_places.own_place()
        self._keep(backup_places.settings().at(None if own else place))

    def _keep(self, chosen: BackupSettings) -> None:
        try:
            backup_places.set_settings(chosen)
        except OSError as error:
            self.said.emit(f"This cannot be remembered: {error.strerror or error}.")
        self._show_settings()
        self.changed.emit()

    def _show_settings(self) -> None:
        chosen, place = backup_places.settings(), backup_places.places()[0]
        own = chosen.place is None
        there = own or place.is_dir()
        self._makes.blockSignals(True)
        self._makes.setChecked(chosen.makes)
        self._makes.blockSignals(False)
        self._place.setText(f"Kept in {place}{'' if there else ', which is not there now'}")
        self._own_place.setVisible(not own)
