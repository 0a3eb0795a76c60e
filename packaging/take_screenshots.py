"""Take the pictures of the README: the real window on a generated sample, light, dark and in the past.

Run ``xvfb-run -s "-screen 0 1920x1080x24" .venv/bin/python packaging/take_screenshots.py [FOLDER]``.
Pictures like those in the repository need the Inter font (Debian: fonts-inter) as fontconfig's default sans-serif.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

FOLDER = Path(__file__).parents[1] / "resources" / "screenshots"
SIZE = QSize(1360, 860)
PATIENCE_SECONDS = 20.0


def take(folder: Path, home: Path) -> None:
    """Open the window on a sample below ``home`` and save the pictures to ``folder``."""
    from whowas.desktop.kit import theme
    from whowas.desktop.session.jobs import SerialJobRunner
    from whowas.desktop.window.assembly import assembled
    from whowas.desktop.window.settings import Settings
    from whowas.sample import make_sample

    directory = home / "staff.whowas"
    make_sample(directory)
    application = QApplication([sys.argv[0]])
    theme.apply(application, "light")
    runner = SerialJobRunner()
    window = assembled(Settings(home), runner, actor="Ines Duarte")
    window.start(directory)
    window.resize(SIZE)
    wait(lambda: window.is_equipped and runner.idle)
    page = window.page
    assert page is not None
    page.table.selectRow(4)
    page.panel.show_details()
    wait(lambda: runner.idle)
    picture(window, folder / "now-light.png")
    theme.apply(application, "dark")
    picture(window, folder / "now-dark.png")
    page.view.show_moment(page.view.index.now * 7 // 10)
    page.table.selectRow(4)
    page.panel.show_history()
    picture(window, folder / "past-dark.png")
    theme.apply(application, "light")
    picture(window, folder / "past-light.png")
    window.close()
    window.put_away()
    runner.close()


def wait(until: object, seconds: float = PATIENCE_SECONDS) -> None:
    """Let the window work until ``until()`` holds."""
    deadline = time.monotonic() + seconds
    while not until():  # type: ignore[operator]
        if time.monotonic() > deadline:
            sys.exit("The window did not come up in time.")
        QApplication.processEvents()
        time.sleep(0.01)


def picture(window: object, path: Path) -> None:
    """Save what the window shows once it has settled."""
    settled = time.monotonic() + 0.5
    while time.monotonic() < settled:
        QApplication.processEvents()
        time.sleep(0.01)
    path.parent.mkdir(parents=True, exist_ok=True)
    window.grab().save(str(path))  # type: ignore[attr-defined]


if __name__ == "__main__":
    with TemporaryDirectory() as home:
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = home
        take(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER, Path(home))
