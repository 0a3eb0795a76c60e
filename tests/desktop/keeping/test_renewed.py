"""Saving to a file of an older version says what became of it, and who shares an address by now."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import Desk
from tests.integration.store.test_upgrade import golden
from whowas.domain.commands import UpdateUser

ADA = "0199a3c4-0000-7000-8000-000000000000"


def test_it_is_said_once_when_a_save_renewed_the_file(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(golden(tmp_path, "0.4.0"))
    told = []
    for changes in ({"title": "Head"}, {"email": "ada@x.example"}):
        failures: list[object] = []
        assert desk.window.session is not None
        desk.window.session.writer.change(
            lambda change, changes=changes: change.dispatch(UpdateUser(ADA, changes)),  # type: ignore[misc]
            done=lambda _: None,
            failed=failures.append,
        )
        desk.runner.drain()
        assert failures == []
        told.append(desk.window.messages.message())
    assert "renewed" not in told[0]
    assert "so this file was renewed" in told[1]
    assert "Anna One (anna@münchen.example) and Anna Two (anna@xn--mnchen-3ya.example) have the same email." in told[1]
    desk.window.put_away()
    desk.runner.drain()
