"""Asking for a newer version: nobody is asked unless somebody wants it and there is whom to ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QTableWidget
from pytestqt.qtbot import QtBot

from whowas import __version__
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.settings.stored import Settings
from whowas.desktop.window import update_check
from whowas.desktop.window.about_dialog import AboutDialog
from whowas.system import resources

NEWER, SAME = "Whowas 9.1 is there", "This is the newest version"
UNREADABLE = "the answer was none"


class Server:
    """Answers every question with ``newest``, and counts them."""

    def __init__(self) -> None:
        self.newest = b"9.1\n"
        self.status = 200
        self.agents: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.agents.append(self.headers["User-Agent"])
                self.send_response(server.status)
                self.end_headers()
                self.wfile.write(server.newest)

            def log_message(self, *_: object) -> None:
                pass

        self._http = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}/newest"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings")


def about(qtbot: QtBot, settings: Settings) -> AboutDialog:
    dialog = AboutDialog(settings)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def box(dialog: AboutDialog) -> QCheckBox:
    (found,) = dialog.findChildren(QCheckBox)
    return found


def says(dialog: AboutDialog, text: str) -> bool:
    return any(text in label.text() for label in dialog.findChildren(TextLabel))


@pytest.mark.parametrize(
    ("newest", "said"),
    [
        ("9.1", NEWER),
        ("0.10.0", "Whowas 0.10.0 is there; this is 0.9.0."),
        ("0.9.0.1", "Whowas 0.9.0.1 is there"),
        ("0.9.0", SAME),
        ("0.9", SAME),
        ("0.8.99", SAME),
        ("", UNREADABLE),
        ("<html>", UNREADABLE),
        ("9.1 now!", UNREADABLE),
        ("9" * 60, UNREADABLE),
    ],
)
def test_versions_are_compared_by_their_numbers(monkeypatch: pytest.MonkeyPatch, newest: str, said: str) -> None:
    monkeypatch.setattr(update_check, "__version__", "0.9.0")
    assert said in update_check.what_it_means(newest)


def test_the_answer_of_a_server_becomes_a_sentence(server: Server) -> None:
    assert NEWER in update_check.answer(server.address)
    server.newest = b"\xff" * 100_000
    assert UNREADABLE in update_check.answer(server.address)
    server.status = 404
    assert "Are you connected?" in update_check.answer(server.address)
    assert set(server.agents) == {f"Whowas/{__version__}"}


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/", "https://nowhere.invalid/", "nonsense", "https://[", "https://"]
)
def test_without_a_network_it_is_a_sentence_too(address: str) -> None:
    assert "Are you connected?" in update_check.answer(address)


@pytest.mark.parametrize(
    ("kept", "address"),
    [(None, ""), ("", ""), ("https://example.org/newest\n", "https://example.org/newest"), ("http://example.org", "")],
)
def test_only_a_build_that_says_so_has_whom_to_ask(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept: str | None, address: str
) -> None:
    if kept is not None:
        (tmp_path / "updates.txt").write_text(kept, encoding="utf-8")
    monkeypatch.setattr(resources, "folder", lambda: tmp_path)
    assert update_check.address() == address


def test_this_build_asks_nobody_and_says_so(qtbot: QtBot, settings: Settings) -> None:
    settings.set_checks_for_updates(True)
    dialog = about(qtbot, settings)
    assert says(dialog, update_check.NOT_ASKED)
    assert not box(dialog).isEnabled()


def test_it_is_off_until_somebody_turns_it_on(
    qtbot: QtBot, settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_check, "address", lambda: server.address)
    dialog = about(qtbot, settings)
    assert not box(dialog).isChecked()
    qtbot.wait(50)
    assert server.agents == []
    box(dialog).click()
    qtbot.waitUntil(lambda: says(dialog, NEWER))
    dialog.accept()

    again = about(qtbot, settings)
    assert box(again).isChecked()
    qtbot.waitUntil(lambda: says(again, NEWER))
    box(again).click()
    assert not says(again, NEWER)
    again.accept()
    assert len(server.agents) == 2
    assert not settings.checks_for_updates()


def test_a_dialog_that_is_closed_meanwhile_is_not_told(
    qtbot: QtBot, settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_check, "address", lambda: server.address)
    settings.set_checks_for_updates(True)
    dialog = about(qtbot, settings)
    dialog.accept()
    qtbot.waitUntil(lambda: len(server.agents) == 1)
    qtbot.wait(50)


def test_nobody_goes_untold_because_the_question_has_gone(qtbot: QtBot, server: Server) -> None:
    order: list[str] = []
    asking = update_check.Asking()
    asking.destroyed.connect(lambda: order.append("gone"))
    # In the asking thread itself: as if somebody else came later in the row of those who are told.
    asking.answered.connect(lambda _: (time.sleep(0.3), order.append("told")), Qt.ConnectionType.DirectConnection)
    asking.start(server.address)
    qtbot.waitUntil(lambda: "gone" in order)
    assert order == ["told", "gone"]


def test_the_table_names_every_package_that_is_needed(qtbot: QtBot, settings: Settings) -> None:
    dialog = about(qtbot, settings)
    (table,) = dialog.findChildren(QTableWidget)
    rows = [[table.item(row, column).text() for column in range(3)] for row in range(table.rowCount())]  # type: ignore[union-attr]
    assert {"Python", "Qt", "SQLite", "numpy", "pyside6-essentials"} <= {name for name, _, _ in rows}
    assert all(version[0].isdecimal() and licence for _, version, licence in rows)
