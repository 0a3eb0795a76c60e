"""The look of the whole program: a palette and one stylesheet made of colour tokens, light or dark."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, fields
from functools import cache
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from whowas.desktop.kit import sizes
from whowas.system import resources

Scheme = Literal["system", "light", "dark"]
Token = Literal[
    "window",
    "surface",
    "line",
    "hover",
    "pressed",
    "text",
    "muted",
    "faint",
    "handle",
    "accent",
    "accent_hover",
    "accent_soft",
    "on_accent",
    "error",
    "past",
    "past_text",
    "past_soft",
    "added",
    "changed",
    "changed_text",
    "removed",
    "active_dot",
    "active_text",
    "suspended_dot",
    "toast",
    "toast_edge",
    "toast_text",
    "toast_link",
    "scrim",
    "dash",
    "group_red",
    "group_pink",
    "group_purple",
    "group_blue",
    "group_teal",
    "group_green",
    "group_olive",
    "group_grey",
]


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """One set of colours.

    ``window`` is the background of the window, ``surface`` that of panels and tables. ``past`` is for shapes,
    ``past_text`` for text on ``past_soft`` or ``surface``. ``faint`` is for disabled text. What lies below
    ``scrim`` shines through it. Those of groups are for shapes: see ``group_colours``.
    """

    dark: bool
    window: QColor
    surface: QColor
    line: QColor
    hover: QColor
    pressed: QColor
    text: QColor
    muted: QColor
    faint: QColor
    handle: QColor
    accent: QColor
    accent_hover: QColor
    accent_soft: QColor
    on_accent: QColor
    error: QColor
    past: QColor
    past_text: QColor
    past_soft: QColor
    added: QColor
    changed: QColor
    changed_text: QColor
    removed: QColor
    active_dot: QColor
    active_text: QColor
    suspended_dot: QColor
    toast: QColor
    toast_edge: QColor
    toast_text: QColor
    toast_link: QColor
    scrim: QColor
    dash: QColor
    group_red: QColor
    group_pink: QColor
    group_purple: QColor
    group_blue: QColor
    group_teal: QColor
    group_green: QColor
    group_olive: QColor
    group_grey: QColor

    def colour(self, token: Token) -> QColor:
        """Return the colour that ``token`` names."""
        found: QColor = getattr(self, token)
        return found

    def tokens(self) -> dict[str, str]:
        """Return every colour as ``#rrggbb`` by its name."""
        return {field.name: getattr(self, field.name).name() for field in fields(self) if field.name != "dark"}


LIGHT = Theme(
    dark=False,
    window=QColor("#f6f7f9"),
    surface=QColor("#ffffff"),
    line=QColor("#e3e6eb"),
    hover=QColor("#f0f2f5"),
    pressed=QColor("#e3e6eb"),
    text=QColor("#1b1f27"),
    muted=QColor("#5b6577"),
    faint=QColor("#a6adba"),
    handle=QColor("#d0d5dd"),
    accent=QColor("#3b5bdb"),
    accent_hover=QColor("#324fc4"),
    accent_soft=QColor("#e8edff"),
    on_accent=QColor("#ffffff"),
    error=QColor("#b42318"),
    past=QColor("#b25e09"),
    past_text=QColor("#a35407"),
    past_soft=QColor("#fff4e0"),
    added=QColor("#dcf5e5"),
    changed=QColor("#fff1c9"),
    changed_text=QColor("#7a5200"),
    removed=QColor("#fde3e1"),
    active_dot=QColor("#289456"),
    active_text=QColor("#16703c"),
    suspended_dot=QColor("#c77410"),
    toast=QColor("#1b1f27"),
    toast_edge=QColor("#1b1f27"),
    toast_text=QColor("#ffffff"),
    toast_link=QColor("#aebcff"),
    scrim=QColor(27, 31, 39, 102),
    dash=QColor("#848d9d"),
    group_red=QColor("#c92a2a"),
    group_pink=QColor("#d6336c"),
    group_purple=QColor("#862ec4"),
    group_blue=QColor("#1971c2"),
    group_teal=QColor("#0b7285"),
    group_green=QColor("#2b8a3e"),
    group_olive=QColor("#66720f"),
    group_grey=QColor("#6b7280"),
)
DARK = Theme(
    dark=True,
    window=QColor("#15181e"),
    surface=QColor("#1c2028"),
    line=QColor("#2e3440"),
    hover=QColor("#252a34"),
    pressed=QColor("#2e3440"),
    text=QColor("#e6e9ef"),
    muted=QColor("#98a2b3"),
    faint=QColor("#5d6675"),
    handle=QColor("#3f4654"),
    accent=QColor("#8da2fb"),
    accent_hover=QColor("#a3b4fc"),
    accent_soft=QColor("#2a3254"),
    on_accent=QColor("#11141b"),
    error=QColor("#fda29b"),
    past=QColor("#f5b35c"),
    past_text=QColor("#f5b35c"),
    past_soft=QColor("#33270f"),
    added=QColor("#153524"),
    changed=QColor("#3a2f10"),
    changed_text=QColor("#e8c15a"),
    removed=QColor("#3d1d1b"),
    active_dot=QColor("#3fb27f"),
    active_text=QColor("#6fd39b"),
    suspended_dot=QColor("#f0a13c"),
    toast=QColor("#2e3440"),
    toast_edge=QColor("#3f4654"),
    toast_text=QColor("#e6e9ef"),
    toast_link=QColor("#a3b4fc"),
    scrim=QColor(6, 8, 12, 143),
    dash=QColor("#6b7484"),
    group_red=QColor("#ff8787"),
    group_pink=QColor("#f783ac"),
    group_purple=QColor("#c99cf5"),
    group_blue=QColor("#74c0fc"),
    group_teal=QColor("#5fd3dc"),
    group_green=QColor("#7ad68b"),
    group_olive=QColor("#c3cc5a"),
    group_grey=QColor("#adb5bd"),
)


_SIZES = re.compile(r"((?:font-size|min-height): )(\d+)px")
"""The lengths of the stylesheet that grow with the text."""
_CONTROL = 24
"""What is at least so high, in pixels, gives up ``_TIGHTER`` where rows lie close to each other."""
_TIGHTER = 4

_OTHER_STYLES = frozenset({"win32", "darwin"})
"""Platforms on which Fusion is not Qt's default style; setting it elsewhere would cost 8 ms of the start."""


class ThemeSignals(QObject):
    """Emits ``changed`` when the theme or ``sizes`` change; whatever paints with them must then repaint."""

    changed = Signal()


signals = ThemeSignals()
_current = LIGHT
_scheme: Scheme = "system"


def has_font() -> bool:
    """Return whether there is any font; without one, Qt draws a box for each letter."""
    return QFontMetrics(QGuiApplication.font()).inFontUcs4(ord("a"))


def motion_is_wanted() -> bool:
    """Return whether the desktop allows animations; people can switch them off."""
    from PySide6.QtWidgets import QStyle  # takes milliseconds to be made, and no start asks

    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0


def current() -> Theme:
    """Return the current theme."""
    return _current


def apply(
    app: QApplication, scheme: Scheme = "system", percent: int = 100, density: sizes.Density = "comfortable"
) -> None:
    """Apply a theme, and how large text is and how close rows lie, to the whole application.

    ``system`` follows the desktop's light or dark setting from now on.
    """
    global _scheme  # noqa: PLW0603 (there is one application, so there is one theme)
    _scheme = scheme
    resized = sizes.choose(percent, density)
    if resized or not app.styleSheet():
        if sys.platform in _OTHER_STYLES:
            app.setStyle("Fusion")
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        font.setPixelSize(sizes.scaled(13))
        app.setFont(font)
    hints = QGuiApplication.styleHints()
    _listen()
    match scheme:
        case "system":
            hints.unsetColorScheme()
        case "light":
            hints.setColorScheme(Qt.ColorScheme.Light)
        case "dark":
            hints.setColorScheme(Qt.ColorScheme.Dark)
    _set_theme(app, _theme_of_scheme(), resized=resized)


@cache
def _listen() -> None:
    QGuiApplication.styleHints().colorSchemeChanged.connect(_follow)


def _theme_of_scheme() -> Theme:
    match _scheme:
        case "light":
            return LIGHT
        case "dark":
            return DARK
        case "system":
            return DARK if _system_is_dark() else LIGHT


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _follow() -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication) and _theme_of_scheme() is not _current:
        _set_theme(app, _theme_of_scheme())


def _set_theme(app: QApplication, theme: Theme, *, resized: bool = False) -> None:
    global _current  # noqa: PLW0603
    switched = theme is not _current or resized
    if not switched and app.styleSheet():
        return  # a stylesheet that is put on again takes away what widgets made of the one before
    _current = theme
    app.setPalette(palette(theme))
    app.setStyleSheet(stylesheet(theme))
    if switched:
        signals.changed.emit()


def stylesheet(theme: Theme) -> str:
    """Return the application's stylesheet in the colours of ``theme``, and in the size that text has."""
    images = resources.path("theme", "dark" if theme.dark else "light").as_posix()
    sheet = _template().substitute(theme.tokens(), images=images)
    as_drawn = sizes.percent() == 100 and not sizes.is_compact()
    return sheet if as_drawn else _SIZES.sub(_resized, sheet)


def _resized(found: re.Match[str]) -> str:
    drawn = int(found[2])
    return f"{found[1]}{sizes.spaced(drawn, drawn - _TIGHTER if drawn >= _CONTROL else drawn)}px"


@cache
def _template() -> Template:
    return Template(resources.path("theme", "style.qss").read_text(encoding="utf-8"))


def palette(theme: Theme) -> QPalette:
    """Return the colours of ``theme`` as a palette for Qt's own drawing."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    made = QPalette()
    for where, colour in (
        (role.Window, theme.surface),
        (role.WindowText, theme.text),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.window),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Button, theme.surface),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.error),
        (role.ToolTipBase, theme.surface),
        (role.ToolTipText, theme.text),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Light, theme.hover),
        (role.Midlight, theme.line),
        (role.Mid, theme.line),
        (role.Dark, theme.muted),
        (role.Shadow, theme.window),
    ):
        made.setColor(where, colour)
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, where, theme.faint)
    return made
