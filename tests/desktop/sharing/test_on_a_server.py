"""The real window shares a directory with a real server: moved, opened from there, its members, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.certificates import Authority
from tests.desktop.window.test_main_window import Desk, directory
from tests.postgres import Cluster, running_cluster
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.kit.toast import Toast
from whowas.desktop.session.session import Session
from whowas.desktop.sharing.assistant.dialog import ShareDialog
from whowas.desktop.sharing.check_dialog import CheckServerDialog
from whowas.desktop.sharing.members import found_at
from whowas.desktop.sharing.members_dialog import MembersDialog
from whowas.desktop.sharing.points import SignedLine
from whowas.desktop.users.erase_dialog import EraseDialog
from whowas.domain.progress import unwatched
from whowas.store.event_log import EventLog
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.team_file import read_team_file
from whowas.team.erasing import UNREACHED

__all__ = ["directory"]


@pytest.fixture
def desk(
    qtbot: QtBot, tmp_path: Path, directory: Path, cluster: Cluster, database: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """A window on the directory, and accounts on the server: ines may make roles, ada and kit are others."""
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    cluster.account("ines", "a secret", "CREATEROLE")
    for account in ("ada", "kit"):
        cluster.account(account)
    with cluster.superuser() as connection:
        connection.execute(f'GRANT CREATE ON DATABASE "{database}" TO ines')
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    yield desk
    desk.window.put_away()
    desk.runner.drain()


def press(desk: Desk, dialog: object, text: str) -> None:
    buttons = dialog.findChildren(QPushButton)  # type: ignore[attr-defined]
    button = next(one for one in buttons if one.text() == text)
    assert button.isEnabled(), text
    button.click()
    desk.runner.drain()


def head_of(path: Path) -> object:
    log = EventLog.open(path)
    try:
        return log.head()
    finally:
        log.close()


def wait_until_shown(desk: Desk, qtbot: QtBot, path: Path) -> Session:
    def is_shown() -> bool:
        session = desk.window.session
        return desk.equipped() and session is not None and session.path == path

    qtbot.waitUntil(is_shown)
    desk.settle()
    session = desk.window.session
    assert session is not None
    return session


def share(desk: Desk, cluster: Cluster, database: str, password: str = "a secret") -> ShareDialog:
    desk.trigger("share")
    (dialog,) = desk.window.findChildren(ShareDialog)
    dialog.where.ways.button("computer").click()
    texts = {"folder": str(cluster.folder), "port": str(cluster.port), "dbname": database, "user": "ines"}
    for key, text in {**texts, "password": password}.items():
        dialog.where.fields.row(key).line.setText(text)
    return dialog


def test_a_wrong_password_stands_beside_the_password(desk: Desk, cluster: Cluster, database: str) -> None:
    dialog = share(desk, cluster, database, "another")
    press(desk, dialog, "Next")
    assert dialog.step == "Where"
    assert dialog.where.fields.row("password").note.sentence().endswith("the account or the password is wrong.")
    dialog.where.fields.row("password").line.setText("a secret")
    dialog.where.fields.row("dbname").line.setText("nowhere")
    press(desk, dialog, "Try connection")
    assert "no database" in dialog.where.fields.row("dbname").note.sentence()
    dialog.reject()


def test_a_directory_goes_to_the_server_and_back(
    desk: Desk, qtbot: QtBot, cluster: Cluster, database: str, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = head_of(directory)
    desk.select("Ben")
    (title,) = desk.page.panel.form.rows.texts["title"].findChildren(QLineEdit)
    title.setText("Archivist")
    dialog = share(desk, cluster, database)
    press(desk, dialog, "Next")
    rights = dialog.who.model.rights
    assert rights["ines"] == "admin"
    assert {"ada", "kit"} <= set(rights)
    dialog.who.model.choose(list(rights).index("ada"), "editor")
    press(desk, dialog, "Next")
    assert dialog.share.isEnabled()
    dialog.share.click()
    team_file = directory.with_suffix(".whowas-team")
    session = wait_until_shown(desk, qtbot, team_file)
    assert session.live is not None
    assert session.log.head() == before
    assert len(desk.page.drafts) == 1
    desk.select("Ben")
    (title,) = desk.page.panel.form.rows.texts["title"].findChildren(QLineEdit)
    assert title.text() == "Archivist"
    (toast,) = desk.page.findChildren(Toast)
    assert toast.accessibleName() == f"staff is shared. On this computer everybody opens it by {team_file.name}."
    assert not directory.exists()
    assert directory.with_name("staff before sharing.whowas").exists()
    assert "a secret" not in team_file.read_text()

    desk.trigger("members")
    (members,) = desk.window.findChildren(MembersDialog)
    assert {name: may for name, may in members.model.rights.items() if may} == {"ada": "editor", "ines": "admin"}
    accounts = list(members.model.rights)
    members.model.choose(accounts.index("ada"), "reader")
    press(desk, members, "Save rights")
    assert (members.notice.text, members.model.changes) == ("", {})
    assert members.model.rights["ada"] == "reader"
    members.reject()
    # Whoever only reads sees the same, and is let to change nothing.
    seen = found_at(replace(session.live.shared.address, user="ada", password=None), unwatched)
    assert [(one.account, one.rights) for one in seen.members] == [("ada", "reader"), ("ines", "admin")]
    assert (seen.own, seen.may_change, seen.accounts) == ("ada", False, ())

    desk.trigger("check_server")
    (check,) = desk.window.findChildren(CheckServerDialog)
    found = [line.accessibleName() for line in check.findChildren(SignedLine) if not line.isHidden()]
    assert "Fine: The connection stays within this computer." in found
    assert any("is the one this computer saw" in line for line in found)
    check.reject()

    target = directory.with_name("back.whowas")
    monkeypatch.setattr("whowas.desktop.sharing.commands.ask_where_to_save", lambda *_, **__: target)
    desk.trigger("take_back")
    assert head_of(target) == before


def test_a_schema_in_use_by_another_directory_is_said_and_nothing_is_moved(
    desk: Desk, cluster: Cluster, database: str, directory: Path
) -> None:
    with cluster.superuser(database) as connection:
        connection.execute("CREATE SCHEMA whowas CREATE TABLE directory (id text)")
    dialog = share(desk, cluster, database)
    press(desk, dialog, "Next")
    press(desk, dialog, "Next")
    assert dialog.step == "Check"
    assert not dialog.share.isEnabled()
    assert directory.exists()
    dialog.reject()


def test_an_account_that_may_make_nothing_is_told_what_its_administrator_can_do(
    desk: Desk, cluster: Cluster, database: str
) -> None:
    cluster.account("lene", "a secret")
    dialog = share(desk, cluster, database)
    dialog.where.fields.row("user").line.setText("lene")
    press(desk, dialog, "Next")
    press(desk, dialog, "Next")
    assert not dialog.share.isEnabled()
    dialog.reject()


def test_erasing_says_what_is_so_on_a_server(
    desk: Desk,
    qtbot: QtBot,
    tmp_path: Path,
    cluster: Cluster,
    database: str,
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialog = share(desk, cluster, database)
    press(desk, dialog, "Next")
    dialog.who.model.choose(list(dialog.who.model.rights).index("kit"), "reader")
    for button in ("Next", "Share"):
        press(desk, dialog, button)
    session = wait_until_shown(desk, qtbot, directory.with_suffix(".whowas-team"))
    assert session.live is not None
    with monkeypatch.context() as elsewhere:  # another computer, which is not connected when somebody is erased
        elsewhere.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
        SharedDirectory.open(replace(session.live.shared.address, user="kit", password=None)).close()
    desk.select("Ada")
    desk.trigger("erase")
    (erasing,) = desk.window.findChildren(EraseDialog)
    said = " ".join(label.text() for label in erasing.findChildren(QLabel))
    assert "Every other computer forgets this user when it next connects" in said
    assert "are its administrator's" in said
    erasing.findChildren(QLineEdit)[0].setText("Ada")
    press(desk, erasing, "Erase for ever")
    desk.settle()
    (told,) = [bar.condition.text for bar in desk.window.findChildren(MessageBar) if not bar.isHidden()]
    assert told.startswith("The user is erased.")
    assert "1 window of “kit” has not forgotten yet" in told
    assert UNREACHED in told
    assert not directory.with_name("staff before sharing.whowas").exists()
    assert "Ada" not in desk.names()


def test_what_one_account_is_refused_is_said_and_the_rest_is_saved(
    desk: Desk, qtbot: QtBot, cluster: Cluster, database: str, directory: Path
) -> None:
    dialog = share(desk, cluster, database)
    for button in ("Next", "Next", "Share"):
        press(desk, dialog, button)
    wait_until_shown(desk, qtbot, directory.with_suffix(".whowas-team"))
    cluster.account("gone")
    desk.trigger("members")
    (members,) = desk.window.findChildren(MembersDialog)
    accounts = list(members.model.rights)
    for account in ("gone", "kit"):
        members.model.choose(accounts.index(account), "editor")
    with cluster.superuser() as connection:
        connection.execute("DROP ROLE gone")
    press(desk, members, "Save rights")
    assert "no account “gone”" in members.notice.text
    assert {name: may for name, may in members.model.rights.items() if may} == {"ines": "admin", "kit": "editor"}
    members.reject()


def test_a_server_in_the_network_is_reached_by_tls_and_by_the_certificate_that_was_chosen(
    qtbot: QtBot, tmp_path: Path, directory: Path
) -> None:
    authority = Authority(tmp_path)
    with running_cluster(tcp=True, tls=authority.certificate("localhost")) as cluster:
        cluster.account("ines", "a secret", "CREATEROLE")
        database = cluster.database()
        with cluster.superuser() as connection:
            connection.execute(f'GRANT CREATE ON DATABASE "{database}" TO ines')
        desk = Desk(qtbot, tmp_path / "config")
        desk.open(directory)
        desk.trigger("share")
        (dialog,) = desk.window.findChildren(ShareDialog)
        texts = {"host": "localhost", "port": str(cluster.port), "dbname": database, "user": "ines"}
        for key, text in {**texts, "password": "a secret"}.items():
            dialog.where.fields.row(key).line.setText(text)
        press(desk, dialog, "Next")
        assert dialog.step == "Where"
        assert "signed by nobody this computer knows" in dialog.where._told.sentence()
        assert dialog.where.encryption.box.marked
        dialog.where.encryption._choose(authority.root, verifies=True)
        assert not dialog.where.encryption.box.marked
        for button in ("Next", "Next", "Share"):
            press(desk, dialog, button)
        team_file = directory.with_suffix(".whowas-team")
        wait_until_shown(desk, qtbot, team_file)
        assert read_team_file(team_file).sslrootcert == str(authority.root)
        desk.trigger("check_server")
        (check,) = desk.window.findChildren(CheckServerDialog)
        found = [line.accessibleName() for line in check.findChildren(SignedLine) if not line.isHidden()]
        assert any("the server's certificate is verified" in line for line in found)
        check.reject()
        desk.window.put_away()
        desk.runner.drain()
