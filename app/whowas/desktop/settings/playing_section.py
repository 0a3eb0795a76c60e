"""How the timeline begins, and at which speed it plays."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whowas.desktop.settings.section import Section
from whowas.desktop.timeline.speeds import BY_CHANGE, BY_DATE

_HINT = (
    "By date, playing takes a stretch of time with each step; by change, each step is a change. The timeline's own "
    "buttons alter this until the directory is closed."
)


class PlayingSection(Section):
    """What a step is, and a speed for either."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Playing the history", parent)
        self.add_segments("by_change", "Steps", {"no": "By date", "yes": "By change"})
        self.add_box("date_speed", "Speed by date", {speed.key: speed.text for speed in BY_DATE})
        self.add_box("change_speed", "Speed by change", {speed.key: speed.text for speed in BY_CHANGE})
        self.add_hint(_HINT)
