"""Take the pictures of the README: the real window on a generated sample, light, dark and in the past.

Run ``xvfb-run -s "-screen 0 1920x1080x24" .venv/bin/python packaging/take_screenshots.py [FOLDER]``.
Pictures like those in the repository need the Inter font (Debian: fonts-inter) as fontconfig's default sans-serif.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

if TYPE_CHECKING:
    from whowas.desktop.window.main_window import MainWindow
    from whowas.domain.users import User

FOLDER = Path(__file__).parents[1] / "resources" / "screenshots"
SIZE = QSize(1360, 860)
PATIENCE_SECONDS = 20.0
TITLES = (
    *("First Name [Required]", "Last Name [Required]", "Email Address [Required]", "Org Unit Path [Required]"),
    *("Work Phone", "Employee ID", "Department", "Cost Center", "Status [READ ONLY]"),
)


def take(folder: Path, home: Path) -> None:
    """Open the window on a sample below ``home`` and save the pictures to ``folder``."""
    from whowas.desktop.kit import theme
    from whowas.desktop.session.jobs import SerialJobRunner
    from whowas.desktop.settings.stored import Settings
    from whowas.desktop.window.assembly import assembled
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
    page.view.show_moment(page.view.index.now)
    page.selection.select_rows([range(1, 2), range(3, 4), range(6, 8), range(10, 12)])
    wait(lambda: runner.idle)
    picture(window, folder / "selection-light.png")
    take_import(window, home / "google-users.csv", folder)
    window.close()
    window.put_away()
    runner.close()


def take_import(window: MainWindow, file: Path, folder: Path) -> None:
    """Save both pages of the assistant for a list at ``file``: the first users of the sample, some of them altered."""
    from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
    from whowas.desktop.window.page_commands import PageCommands

    session, page = window.session, window.page
    assert session is not None
    assert page is not None
    write_list(file, session.queries.users(page.view.rows().numbers(range(120)).tolist())())
    commands = page.findChild(PageCommands)
    assert isinstance(commands, PageCommands)
    commands.files.open_files([file])

    def dialog() -> AssistantDialog | None:
        return next((one for one in window.findChildren(AssistantDialog) if one.isVisible()), None)

    wait(lambda: dialog() is not None and window.runner.idle)
    assistant = dialog()
    assert assistant is not None
    picture(window, folder / "import-columns-light.png", above=assistant)
    button(assistant, "Next").click()
    wait(lambda: assistant.on_preview and window.runner.idle)
    picture(window, folder / "import-preview-light.png", above=assistant)
    assistant.reject()


def write_list(file: Path, users: Iterable[User]) -> None:
    """Write a list as an export of Google Workspace has it: of every sixth user the phone, of some more is altered."""
    with file.open("w", encoding="utf-8", newline="") as text:
        rows = csv.writer(text)
        rows.writerow(TITLES)
        for number, user in enumerate(users):
            phone = f"(202) 555-{number:04}" if number % 6 == 0 else user.phone
            email = user.email.replace("@", " at ") if user.email and number % 50 == 40 else user.email
            status = "Suspended" if user.status == "suspended" or number % 40 == 12 else "Active"
            unit, centre = f"/{user.department or ''}", 4405 + number % 5
            rows.writerow(
                (user.first_name, user.last_name, email, unit, phone, user.external_id, user.department, centre, status)
            )
        rows.writerow(("Bram", "Ostler", "bram.ostler@example.org", "/Records", "", "", "Records", 4405, "Active"))


def button(dialog: QWidget, text: str) -> QPushButton:
    """Return the button of a dialog with that text."""
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text and one.isVisible())


def wait(until: object, seconds: float = PATIENCE_SECONDS) -> None:
    """Let the window work until ``until()`` holds."""
    deadline = time.monotonic() + seconds
    while not until():  # type: ignore[operator]
        if time.monotonic() > deadline:
            sys.exit("The window did not come up in time.")
        QApplication.processEvents()
        time.sleep(0.01)


def picture(window: QWidget, path: Path, above: QWidget | None = None) -> None:
    """Save what the window shows once it has settled, with a dialog ``above`` it."""
    settled = time.monotonic() + 0.5
    while time.monotonic() < settled:
        QApplication.processEvents()
        time.sleep(0.01)
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = window.grab()
    if above is not None:
        painter = QPainter(shown)
        painter.drawPixmap((window.width() - above.width()) // 2, (window.height() - above.height()) // 2, above.grab())
        painter.end()
    shown.save(str(path))


if __name__ == "__main__":
    with TemporaryDirectory() as home:
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = home
        take(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER, Path(home))
