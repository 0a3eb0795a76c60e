"""Putting into force what a person chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from whowas.desktop.kit import dates, theme
from whowas.desktop.settings.preferences import Preferences

if TYPE_CHECKING:
    from whowas.desktop.timeline.panel import TimelinePanel


def apply_looks(application: QApplication, preferences: Preferences, before: Preferences | None = None) -> None:
    """Let the whole program look, and write dates, as was chosen; ``before`` is what held until now."""
    size, colours = (preferences.text_size, preferences.density), theme.current()
    redated = dates.choose(preferences.dates, preferences.first_day)
    if before is None or (preferences.theme, *size) != (before.theme, before.text_size, before.density):
        theme.apply(application, preferences.theme, *size)
    # Another theme may have the colours of the one before, as that of the desktop has.
    redrawn = before is None or theme.current() is not colours or size != (before.text_size, before.density)
    if redated and not redrawn:
        # Whatever draws a date draws it again.
        theme.signals.changed.emit()


def begin_timeline(timeline: TimelinePanel, preferences: Preferences) -> None:
    """Let a timeline begin as was chosen."""
    timeline.begin_with(
        by_change=preferences.by_change,
        date_speed=preferences.date_speed,
        change_speed=preferences.change_speed,
    )
