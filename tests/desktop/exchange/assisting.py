"""Files taken through the assistant of a whole window, its jobs turned by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QDialog

from tests.desktop.window.test_main_window import Desk, press
from whowas.desktop.exchange.assistant.columns.page import ColumnsPage
from whowas.desktop.exchange.assistant.frame.dialog import AssistantDialog
from whowas.desktop.exchange.preview.page import PreviewPage

D = TypeVar("D", bound=QDialog)


def shown(kind: type[D]) -> D:
    """The one dialog of a kind that is open."""
    (found,) = all_shown(kind)
    return found


def all_shown(kind: type[D]) -> list[D]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]


def still_asked() -> bool:
    return bool(all_shown(AssistantDialog))


def opened(desk: Desk, *paths: Path) -> AssistantDialog:
    """The assistant with files, at its first page."""
    desk.commands.files.open_files(list(paths))
    desk.runner.drain()
    return shown(AssistantDialog)


def previewed(desk: Desk, *paths: Path) -> AssistantDialog:
    """The assistant with files, at its second page."""
    dialog = opened(desk, *paths)
    if not dialog.on_preview:
        press(dialog, "Next")
        desk.runner.drain()
    assert dialog.on_preview, dialog.notice.text
    return dialog


def take(desk: Desk, dialog: AssistantDialog) -> None:
    """Import what is previewed."""
    dialog.import_button.click()
    desk.runner.drain()


def columns_of(dialog: AssistantDialog) -> ColumnsPage:
    assert isinstance(dialog.columns, ColumnsPage)
    return dialog.columns


def preview_of(dialog: AssistantDialog) -> PreviewPage:
    assert isinstance(dialog.preview, PreviewPage)
    return dialog.preview


def titles(desk: Desk) -> dict[str, str | None]:
    users = [desk.page.model.user(row) for row in range(desk.page.model.rowCount())]
    return {user.name: user.title for user in users if user is not None}


def wait_for_jobs(desk: Desk) -> None:
    """Run what follows from a decision, soon after it."""
    desk.qtbot.waitUntil(lambda: bool(desk.runner.jobs))
    desk.runner.drain()
