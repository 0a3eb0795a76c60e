"""Tool tips of widgets that paint texts of their own: the whole of a text that is shown in part."""

from __future__ import annotations

from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

from whowas.desktop.kit.plain_text import wrapped_tip
from whowas.domain.fields import shortened

_LONGEST = 1_000


def show_tip(event: QHelpEvent, text: str, widget: QWidget) -> None:
    """Answer a request for a tool tip with ``text``; "" shows none."""
    if text:
        QToolTip.showText(event.globalPos(), wrapped_tip(shortened(text, _LONGEST)), widget)
    else:
        QToolTip.hideText()
