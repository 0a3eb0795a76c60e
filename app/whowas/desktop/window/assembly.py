"""The main window with all that can be done in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from whowas.desktop.session.jobs import JobRunner
from whowas.desktop.settings.stored import Settings
from whowas.desktop.window.file_commands import FileCommands
from whowas.desktop.window.help_commands import HelpCommands
from whowas.desktop.window.lost_directory import LostDirectory
from whowas.desktop.window.main_window import MainWindow
from whowas.desktop.window.settings_commands import SettingsCommands
from whowas.desktop.window.unopened import Unopened

if TYPE_CHECKING:
    from whowas.desktop.sharing.assistant.jobs import MovedToServer


def assembled(settings: Settings, runner: JobRunner, actor: str) -> MainWindow:
    """Return a window whose menus do something; ``actor`` is who makes the changes."""
    window = MainWindow(settings, runner, actor)
    window.pageShown.connect(partial(_equip, window))
    FileCommands(window)
    HelpCommands(window)
    SettingsCommands(window)
    Unopened(window)
    LostDirectory(window)
    return window


def _equip(window: MainWindow) -> None:
    """Give the page that is open what can be done with it; imported only now, after the window was painted."""
    from whowas.desktop.keeping.backup_commands import BackupCommands
    from whowas.desktop.keeping.read_only import ReadOnlyDirectory
    from whowas.desktop.page.feature import PageContext
    from whowas.desktop.sharing.commands import SharingCommands
    from whowas.desktop.window.moved_file import MovedFile
    from whowas.desktop.window.page_commands import PageCommands

    page, session = window.page, window.session
    if page is not None and session is not None:
        context = PageContext(window, page, session, window.actions_, window.menus, window.messages)
        PageCommands(context)
        BackupCommands(context).openRequested.connect(window.open)
        MovedFile(context).savedTo.connect(window.open)
        ReadOnlyDirectory(context).openWanted.connect(window.open)
        if session.live is not None:
            from whowas.desktop.window.shared_features import equip_shared

            equip_shared(context, session.live, window)
        sharing = SharingCommands(context)
        sharing.openWanted.connect(window.open)
        sharing.moved.connect(partial(_open_moved, window))


def _open_moved(window: MainWindow, moved: MovedToServer) -> None:
    from whowas.desktop.window.moved_directory import MovedDirectory  # nobody waits for that at the start

    MovedDirectory(window, moved)
