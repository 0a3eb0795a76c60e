"""The first page: what the fields say as an address, where a refusal stands, and that no password is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from whowas.desktop.sharing.assistant.dialog import ShareDialog
from whowas.desktop.sharing.assistant.said import Said
from whowas.desktop.sharing.assistant.where_page import WherePage
from whowas.domain.errors import RefusedError, StoreError
from whowas.store.server.address import ServerAddress


@pytest.fixture
def page(qtbot: QtBot) -> WherePage:
    page = WherePage("ines")
    qtbot.addWidget(page)
    page.show()
    return page


def fill(page: WherePage, **texts: str) -> None:
    for key, text in texts.items():
        page.fields.row(key).line.setText(text)


def test_fields_are_an_address_and_what_is_empty_is_left_to_the_driver(page: WherePage) -> None:
    fill(page, host=" db.example.org ", dbname="staff", password=" pass word ")
    assert page.said().address() == ServerAddress(host="db.example.org", dbname="staff", password=" pass word ")


def test_the_password_stands_in_dots_and_is_gone_once_the_dialog_closes(qtbot: QtBot) -> None:
    dialog = ShareDialog("staff", "ines")
    qtbot.addWidget(dialog)
    password = dialog.where.fields.row("password").line
    assert password.echoMode() == QLineEdit.EchoMode.Password
    password.setText("a secret")
    assert "a secret" not in repr(dialog.where.said())
    dialog.reject()
    assert password.text() == ""
    password.undo()
    assert password.text() == ""


def test_a_certificate_is_verified_unless_somebody_says_otherwise(
    page: WherePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(page, host="db.example.org")
    assert page.said().address().sslmode is None  # which is verified, see ``connect``
    page.encryption._not_at_all()
    assert page.said().address().sslmode == "require"
    assert "pretend to be the server" in page.encryption._sentence.text()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/certificates/ours.pem", ""))
    page.encryption._ask_file()
    address = page.said().address()
    assert (address.sslmode, address.sslrootcert) == (None, "/certificates/ours.pem")
    assert page.encryption.box.shown == "Verified by ours.pem"


def test_on_this_computer_a_socket_is_meant_whatever_the_environment_says(
    page: WherePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOST", "db.example.org")
    page.ways.button("computer").click()
    host = page.said().address().host
    assert host is not None
    assert host.startswith("/")
    fill(page, folder=str(tmp_path))
    assert page.said().address().host == str(tmp_path)
    fill(page, folder="localhost")
    with pytest.raises(RefusedError, match="no folder") as refused:
        page.said().address()
    page.refuse(refused.value)
    assert "no folder" in page.fields.row("folder").note.sentence()


@pytest.mark.parametrize(
    ("parts", "field"),
    [({}, "host"), ({"host": "db", "port": "often"}, "port"), ({"host": "db", "schema": "Ours!"}, "schema")],
)
def test_what_cannot_be_is_refused_at_its_field(page: WherePage, parts: dict[str, str], field: str) -> None:
    fill(page, **parts)
    with pytest.raises(RefusedError) as refused:
        page.said().address()
    page.refuse(refused.value)
    assert page.fields.row(field).note.sentence() == str(refused.value)
    fill(page, **{field: "5"})
    assert page.fields.row(field).note.sentence() == ""


def test_an_address_is_read_and_its_faults_stand_beside_it(page: WherePage) -> None:
    page.ways.button("address").click()
    fill(page, address="postgresql://ada@db.example.org:5433/staff?schema=ours", password="a secret")
    expected = ServerAddress(
        host="db.example.org", port="5433", dbname="staff", user="ada", password="a secret", schema="ours"
    )
    assert page.said().address() == expected
    fill(page, address="http://db.example.org")
    with pytest.raises(RefusedError) as refused:
        page.said().address()
    page.refuse(refused.value)
    assert page.fields.row("address").note.sentence() == str(refused.value)
    assert page.said() == Said("address", {"address": "http://db.example.org", "password": "a secret"})


def test_what_is_about_no_field_stands_beside_the_button(page: WherePage) -> None:
    page.show_trying()
    assert not page.try_button.isEnabled()
    page.refuse(StoreError("The server is in the cellar."))
    assert page._told.sentence() == "The server is in the cellar."
    assert page.try_button.isEnabled()
    page.show_answer("Connected.")
    assert (page._told.sentence(), page._told.is_error()) == ("Connected.", False)
