"""The theme: readable colours, a stylesheet without gaps, and following the system's light or dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import theme
from whowas.desktop.kit.dialogs.change_preview import Line
from whowas.desktop.kit.dialogs.lines_table import LinesView
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.theme import DARK, LIGHT, Theme, Token
from whowas.system import resources

TEXTS: list[tuple[Token, Token]] = [
    ("text", "window"),
    ("text", "surface"),
    ("text", "hover"),
    ("text", "accent_soft"),
    ("text", "past_soft"),
    ("text", "added"),
    ("text", "changed"),
    ("text", "removed"),
    ("muted", "window"),
    ("muted", "surface"),
    ("muted", "past_soft"),
    ("muted", "added"),
    ("muted", "changed"),
    ("muted", "removed"),
    ("muted", "accent_soft"),
    ("muted", "hover"),
    ("accent", "window"),
    ("accent", "surface"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("error", "surface"),
    ("error", "window"),
    ("error", "removed"),
    ("error", "accent_soft"),
    ("active_text", "added"),
    ("changed_text", "changed"),
    ("past_text", "past_soft"),
    ("past_text", "surface"),
]
SHAPES: list[tuple[Token, Token]] = [
    ("past", "surface"),
    ("active_dot", "surface"),
    ("active_dot", "accent_soft"),
    ("suspended_dot", "surface"),
    ("suspended_dot", "accent_soft"),
    ("accent", "window"),
]


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the light theme, restored afterwards."""
    before, sheet = QPalette(qapp.palette()), qapp.styleSheet()
    theme.apply(qapp, "light")
    yield qapp
    theme.apply(qapp, "light")
    qapp.setStyleSheet(sheet)
    qapp.setPalette(before)


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), TEXTS)
def test_text_can_be_read(colours: Theme, front: Token, ground: Token) -> None:
    assert contrast(colours.colour(front), colours.colour(ground)) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), SHAPES)
def test_shapes_can_be_seen(colours: Theme, front: Token, ground: Token) -> None:
    assert contrast(colours.colour(front), colours.colour(ground)) >= 3


@pytest.mark.parametrize(
    ("token", "light", "dark"),
    [
        ("window", "#f6f7f9", "#15181e"),
        ("surface", "#ffffff", "#1c2028"),
        ("line", "#e3e6eb", "#2e3440"),
        ("text", "#1b1f27", "#e6e9ef"),
        ("muted", "#5b6577", "#98a2b3"),
        ("accent", "#3b5bdb", "#8da2fb"),
        ("accent_soft", "#e8edff", "#2a3254"),
        ("past", "#b25e09", "#f5b35c"),
        ("past_soft", "#fff4e0", "#33270f"),
        ("added", "#dcf5e5", "#153524"),
        ("changed", "#fff1c9", "#3a2f10"),
        ("changed_text", "#7a5200", "#e8c15a"),
        ("removed", "#fde3e1", "#3d1d1b"),
    ],
)
def test_the_designs_colours_are_used(token: Token, light: str, dark: str) -> None:
    assert (LIGHT.colour(token).name(), DARK.colour(token).name()) == (light, dark)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_stylesheet_has_all_its_colours_and_pictures(colours: Theme) -> None:
    sheet = theme.stylesheet(colours)
    assert "$" not in re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    assert sheet.count("{") == sheet.count("}") > 40
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    assert all(resources.path("theme").as_posix() in picture for picture in pictures)
    for picture in pictures:
        resources.path("theme", *picture.split("/")[-2:])


def test_the_pictures_of_each_theme_are_in_its_colours() -> None:
    for colours, folder in ((LIGHT, "light"), (DARK, "dark")):
        for name, token in (("down", "muted"), ("up", "muted"), ("check", "on_accent")):
            drawing = resources.path("theme", folder, f"{name}.svg").read_text(encoding="utf-8")
            assert f'stroke="{colours.tokens()[token]}"' in drawing


class StyleCount(TextLabel):
    """Counts how often it is styled."""

    def __init__(self) -> None:
        self.styled = 0
        super().__init__("240 users", token="muted")

    def changeEvent(self, event: QEvent) -> None:
        self.styled += event.type() == QEvent.Type.StyleChange
        super().changeEvent(event)


def test_choosing_a_theme_dresses_the_application(app: QApplication, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.signals.changed, timeout=1000):
        theme.apply(app, "dark")
    assert theme.current() is DARK
    assert app.palette().color(QPalette.ColorRole.Base) == DARK.surface
    assert app.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == DARK.faint
    assert DARK.accent.name() in app.styleSheet()
    assert app.font().pixelSize() == 13


def test_choosing_the_same_theme_again_tells_nobody(app: QApplication, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.signals.changed):
        theme.apply(app, "light")


def test_choosing_the_same_theme_again_styles_no_widget_again(app: QApplication, qtbot: QtBot) -> None:
    """A label's own colour would be gone with that."""
    theme.apply(app, "light")
    label = StyleCount()
    qtbot.addWidget(label)
    label.show()
    before = label.styled
    theme.apply(app, "light")
    assert label.styled == before
    theme.apply(app, "dark")
    assert label.styled > before
    assert label.palette().color(QPalette.ColorRole.WindowText) == DARK.muted


def test_the_theme_follows_the_system_while_running(
    app: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme.apply(app, "system")
    assert theme.current() is LIGHT
    monkeypatch.setattr(theme, "_system_is_dark", lambda: True)
    with qtbot.waitSignal(theme.signals.changed, timeout=1000):
        QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current() is DARK
    monkeypatch.undo()
    QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.current() is LIGHT


def test_a_chosen_theme_does_not_follow_the_system(
    app: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "_system_is_dark", lambda: True)
    with qtbot.assertNotEmitted(theme.signals.changed):
        QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current() is LIGHT


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_a_chosen_row_of_a_dialog_is_as_one_of_the_main_table(app: QApplication, qtbot: QtBot, scheme: Theme) -> None:
    theme.apply(app, "dark" if scheme.dark else "light")
    view = LinesView("What would change", ("User", "Field"), (120,))
    qtbot.addWidget(view)
    view.lines.show([Line("Ada", "Room", "B 214", "empty")])
    view.resize(400, 120)
    view.show()
    view.selectRow(0)
    cell = view.visualRect(view.lines.index(0, 1))
    drawn = view.viewport().grab().toImage().pixelColor(cell.right() - 3, cell.center().y())
    assert drawn.name() == scheme.accent_soft.name()
