"""The icons: every drawing keeps to the grid, and is painted in the colour it should have now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from whowas.desktop.kit import icons, theme
from whowas.system import resources

NAMES = [
    "user-plus",
    "users",
    "circle-check",
    "circle-pause",
    "trash",
    "hash",
    "import",
    "export",
    "undo",
    "redo",
    "search",
    "calendar",
    "bookmark",
    "history",
    "clock",
    "pencil",
    "key",
    "user-minus",
    "user-x",
    "user-check",
    "group-plus",
    "group-minus",
    "file-plus",
    "folder-open",
    "columns",
    "more",
    "chevron-left",
    "chevron-right",
    "chevron-down",
    "step-back",
    "step-forward",
    "skip-back",
    "skip-forward",
    "arrow-up",
    "arrow-down",
    "arrow-right",
    "check",
    "x",
    "plus",
    "minus",
    "question",
    "alert",
    "shield-check",
    "lock",
    "refresh",
    "settings",
    "app",
]
FILES = sorted(resources.path("icons").glob("*.svg"))
LINE_DRAWINGS = [file for file in FILES if file.stem != "app"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def light(qapp: QApplication) -> Iterator[None]:
    palette, sheet = qapp.palette(), qapp.styleSheet()
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


def strongest_colour(pixmap: QPixmap) -> QColor:
    """The colour of the most opaque pixel."""
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=QColor.alpha)


def assert_alike(one: QColor, other: QColor) -> None:
    for part in (QColor.red, QColor.green, QColor.blue):
        assert abs(part(one) - part(other)) <= 4, (one.name(), other.name())


def test_every_icon_the_program_needs_is_there() -> None:
    assert {file.stem for file in FILES} >= set(NAMES)


@pytest.mark.parametrize("file", LINE_DRAWINGS, ids=lambda file: file.stem)
def test_drawings_share_grid_and_stroke(file: Path) -> None:
    root = ET.parse(file).getroot()
    assert root.tag == f"{SVG}svg"
    expected = {
        "viewBox": "0 0 24 24",
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": "1.75",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    assert {key: root.get(key) for key in expected} == expected
    for shape in root:
        assert shape.tag in {f"{SVG}path", f"{SVG}circle", f"{SVG}rect"}
        assert not {"fill", "stroke", "style"} & set(shape.keys())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.usefixtures("qapp")
def test_drawings_stay_within_the_grid(file: Path) -> None:
    renderer = QSvgRenderer(file.read_bytes().replace(b"currentColor", b"#000000"))
    assert renderer.isValid()
    side = 28 * 10
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    # Drawn with a margin, which must stay empty, by a drawing that covers a good part of its grid.
    renderer.setViewBox(QRect(-2, -2, 28, 28))
    renderer.render(painter)
    painter.end()
    seen = [(x, y) for x in range(side) for y in range(side) if image.pixelColor(x, y).alpha() > 8]
    assert all(20 <= x < 260 and 20 <= y < 260 for x, y in seen)
    assert (
        max(max(x for x, _ in seen) - min(x for x, _ in seen), max(y for _, y in seen) - min(y for _, y in seen)) > 90
    )


@pytest.mark.usefixtures("light")
def test_an_icon_is_in_the_texts_colour_unless_told() -> None:
    assert_alike(strongest_colour(icons.icon("trash").pixmap(64, 64)), theme.LIGHT.text)


@pytest.mark.usefixtures("light")
def test_an_icon_can_have_a_colour_of_its_own() -> None:
    assert_alike(strongest_colour(icons.icon("trash", QColor("#12ab34")).pixmap(64, 64)), QColor("#12ab34"))


@pytest.mark.usefixtures("light")
def test_an_icon_of_a_token_follows_the_theme(qapp: QApplication) -> None:
    icon = icons.icon("circle-check", "accent")
    assert_alike(strongest_colour(icon.pixmap(64, 64)), theme.LIGHT.accent)
    theme.apply(qapp, "dark")
    assert_alike(strongest_colour(icon.pixmap(64, 64)), theme.DARK.accent)


@pytest.mark.usefixtures("light")
def test_a_disabled_icon_is_fainter() -> None:
    icon = icons.icon("trash")
    plain = strongest_colour(icon.pixmap(QSize(32, 32), 1.0))
    disabled = strongest_colour(icon.pixmap(QSize(32, 32), 1.0, QIcon.Mode.Disabled))
    assert disabled.alpha() < plain.alpha() / 2


@pytest.mark.usefixtures("light")
def test_an_icon_is_sharp_on_a_dense_screen() -> None:
    drawn = icons.pixmap("search", 16, 2.0)
    assert drawn.size() == QSize(32, 32)
    assert drawn.devicePixelRatio() == 2.0
    assert drawn.deviceIndependentSize().toSize() == QSize(16, 16)


@pytest.mark.usefixtures("light")
def test_the_same_icon_is_drawn_once() -> None:
    assert icons.icon("key").cacheKey() == icons.icon("key").cacheKey()
    assert icons.icon("key").cacheKey() != icons.icon("key", "muted").cacheKey()


@pytest.mark.usefixtures("light")
def test_the_applications_icon_keeps_its_colours(qapp: QApplication) -> None:
    before = icons.icon("app").pixmap(16, 16).toImage()
    theme.apply(qapp, "dark")
    assert icons.icon("app").pixmap(16, 16).toImage() == before
    assert len({before.pixelColor(x, y).rgba() for x in range(16) for y in range(16)}) > 10


def test_a_name_without_a_drawing_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")
