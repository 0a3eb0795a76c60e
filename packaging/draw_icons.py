"""Draws the icons of the program and of its files at every size that desktops ask for, from their SVGs.

``python packaging/draw_icons.py`` after a drawing was altered; the pictures are kept in the repository. The small sizes
have drawings of their own in ``icons/``, laid on whole pixels, because a reduced large one is a blur.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HICOLOR = Path(__file__).resolve().parent.parent / "resources" / "desktop" / "icons" / "hicolor"
SMALL = Path(__file__).resolve().parent / "icons"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
LARGEST_SMALL = 24
ICONS = ("apps/whowas", "mimetypes/application-x-whowas", "mimetypes/application-x-whowas-team")


def drawing(icon: str, size: int) -> Path:
    """Return the SVG from which an icon is drawn at a size in pixels."""
    if size <= LARGEST_SMALL:
        return SMALL / f"{Path(icon).name}-small.svg"
    return HICOLOR / "scalable" / f"{icon}.svg"


def picture(icon: str, size: int) -> Path:
    """Return where an icon's picture of a size is kept."""
    return HICOLOR / f"{size}x{size}" / f"{icon}.png"


def drawn(icon: str, size: int) -> QImage:
    """Return an icon as ``size`` by ``size`` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(drawing(icon, size))).render(painter)
    painter.end()
    return image


def main() -> int:
    """Draw all; returns the exit code."""
    for icon in ICONS:
        for size in SIZES:
            file = picture(icon, size)
            file.parent.mkdir(parents=True, exist_ok=True)
            if not drawn(icon, size).save(str(file)):
                print(f"{file} could not be written.", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
