"""In a shared directory nobody can choose by what name changes are made: the account makes them."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit

from tests.desktop.sharing.conftest import SharedDesk
from tests.desktop.window.test_main_window import ADA, dialog
from whowas.desktop.settings.dialog import SettingsDialog
from whowas.domain.commands import UpdateUser


def test_the_account_is_shown_plain_and_makes_the_changes(shared_desk: SharedDesk) -> None:
    session = shared_desk.window.session
    assert session is not None
    shared_desk.window.act_as("Somebody else")
    assert session.actor == "kim"
    shared_desk.trigger("settings")
    shared_desk.qtbot.waitUntil(lambda: bool(shared_desk.window.findChildren(SettingsDialog)))
    settings = dialog(SettingsDialog)
    (plain,) = [label for label in settings.findChildren(QLabel) if label.accessibleName() == "Your name"]
    assert plain.text() == "kim"
    assert not [line for line in settings.findChildren(QLineEdit) if line.accessibleName() == "Your name"]
    settings.reject()
    session.writer.change(
        lambda change: change.dispatch(UpdateUser(ADA, {"title": "Clerk"})), done=lambda _done: None, failed=_fail
    )
    shared_desk.until(shared_desk.runs)
    assert [event.actor for event in shared_desk.shared.server.read()][-1] == "kim"


def _fail(error: Exception) -> None:
    raise AssertionError(str(error)) from error
