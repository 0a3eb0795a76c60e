"""How the window looks: its colours, how close rows lie, how large text is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whowas.desktop.settings.preferences import CHOICES
from whowas.desktop.settings.section import Section


class LooksSection(Section):
    """Everything in it is shown in segments."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Appearance", parent)
        self.add_segments("theme", "Theme", {"system": "System", "light": "Light", "dark": "Dark"})
        self.add_segments("density", "Density", {"comfortable": "Comfortable", "compact": "Compact"})
        self.add_segments("text_size", "Text size", {kept: f"{kept} %" for kept in CHOICES["text_size"]})
