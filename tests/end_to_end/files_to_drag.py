"""A small window that files can be dragged out of, as out of a file manager; not part of the program."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton

SIZE = 160, 40


class Files(QPushButton):
    """Begins to drag the files as soon as the mouse moves with its button down."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__("Files")
        self._paths = paths

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            files = QMimeData()
            files.setUrls([QUrl.fromLocalFile(str(path)) for path in self._paths])
            drag = QDrag(self)
            drag.setMimeData(files)
            drag.exec(Qt.DropAction.CopyAction)
            self.setDown(False)


def main() -> None:
    """Show the window in the lower right corner, above all others, until it is killed."""
    application = QApplication([])
    files = Files([Path(argument) for argument in sys.argv[1:]])
    files.setWindowTitle("Files to drag")
    files.setWindowFlags(Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.FramelessWindowHint)
    files.resize(*SIZE)
    screen = application.primaryScreen().availableGeometry()
    files.move(screen.right() - SIZE[0], screen.bottom() - SIZE[1])
    files.show()
    files.raise_()
    sys.exit(application.exec())


if __name__ == "__main__":
    main()
