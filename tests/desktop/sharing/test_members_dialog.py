"""Members: an admin gives and takes rights, the last admin stays, everybody else only sees it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from whowas.desktop.sharing.members_dialog import MembersDialog
from whowas.domain.errors import RefusedError, StoreError
from whowas.team.members import Member

ADA = Member("ada", "editor", is_here=True, is_group=False)
INES = Member("ines", "admin", is_here=True, is_group=False)
KIT = Member("kit", "reader", is_here=False, is_group=False)


@pytest.fixture
def dialog(qtbot: QtBot) -> MembersDialog:
    dialog = MembersDialog("staff", "the server", "/home/ines/staff.whowas-team")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def as_admin(dialog: MembersDialog) -> None:
    dialog.show_members([ADA, INES, KIT], ["ada", "ines", "kit", "lene"], "ines", may_change=True)


def save(dialog: MembersDialog) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == "Save rights")


def notes(dialog: MembersDialog) -> list[str]:
    model = dialog.model
    return [str(model.index(row, model.columnCount() - 1).data()) for row in range(model.rowCount())]


def test_an_admin_sees_all_accounts_and_who_is_here(dialog: MembersDialog) -> None:
    as_admin(dialog)
    assert dialog.model.rights == {"ada": "editor", "ines": "admin", "kit": "reader", "lene": None}
    assert notes(dialog) == ["Here now", "You", "", ""]
    assert not save(dialog).isEnabled()


def test_what_is_chosen_is_said_before_it_is_saved(dialog: MembersDialog) -> None:
    as_admin(dialog)
    wanted: list[int] = []
    dialog.saveWanted.connect(lambda: wanted.append(1))
    dialog.model.choose(0, "admin")
    dialog.model.choose(2, None)
    assert dialog._told.text() == "ada becomes an admin; kit loses all rights."
    save(dialog).click()
    assert wanted == [1]
    assert dialog.model.changes == {"ada": "admin", "kit": None}


def test_somebody_stays_an_admin(dialog: MembersDialog) -> None:
    as_admin(dialog)
    dialog.model.choose(1, "reader")
    assert "Somebody has to be an admin" in dialog.notice.text
    assert not save(dialog).isEnabled()
    dialog.model.choose(0, "admin")
    assert "yourself" in dialog.notice.text
    assert save(dialog).isEnabled()


def test_what_the_server_refuses_stays_chosen_and_is_said(dialog: MembersDialog) -> None:
    as_admin(dialog)
    dialog.model.choose(2, "editor")
    dialog.wait()
    dialog.model.choose(2, "admin")
    dialog.refuse(RefusedError("account", "There is no account kit any more."))
    assert dialog.notice.text == "There is no account kit any more."
    assert dialog.model.changes == {"kit": "editor"}
    assert save(dialog).isEnabled()


@pytest.mark.parametrize("account", ["ada", "kit"])
def test_others_see_it_and_change_nothing(dialog: MembersDialog, account: str) -> None:
    dialog.show_members([ADA, INES, KIT], (), account, may_change=False)
    dialog.model.choose(0, "admin")
    assert dialog.model.changes == {}
    assert save(dialog).isHidden()
    assert dialog._told.text() == "Only an admin changes who may do what: ines."


def test_why_nobody_could_be_asked_is_all_that_is_said(dialog: MembersDialog) -> None:
    assert dialog._told.text() == "Asking the server…"
    dialog.refuse(StoreError("The server is away."))
    assert (dialog.notice.text, dialog._told.text()) == ("The server is away.", "")
    assert not save(dialog).isEnabled()
