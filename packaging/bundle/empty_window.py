"""An empty window: what any program of PySide6 weighs when it is bundled by the same rules."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QMainWindow

application = QApplication(sys.argv[:1])
window = QMainWindow()
window.show()
sys.exit(application.exec())
