"""A window on a shared directory: others' changes come in, the server goes away and comes back."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPushButton

from tests.desktop.sharing.conftest import SharedDesk
from tests.desktop.window.test_main_window import ADA, BEN
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.chrome.standing import RIGHTS, SERVER, Severity, bars, status_line
from whowas.desktop.kit import dates
from whowas.domain.commands import UpdateUser


def bar(desk: SharedDesk, about: str) -> MessageBar | None:
    found = desk.window.findChildren(MessageBar)
    return next((each for each in found if not each.isHidden() and each.condition.about == about), None)


def field(desk: SharedDesk, name: str) -> QLineEdit:
    (editor,) = desk.page.panel.form.rows.texts[name].findChildren(QLineEdit)
    return editor


def save_button(desk: SharedDesk) -> QPushButton:
    return desk.page.panel.form._foot.save


def test_what_others_change_comes_in_by_itself(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    assert desk.window.windowTitle().startswith("staff")
    desk.by("lee", UpdateUser(ADA, {"title": "Archivist"}))
    assert desk.shown(ADA).title == "Archivist"
    assert desk.names() == ["Ada", "Ben", "Chi"]


def test_what_is_saved_is_on_the_server_by_this_account(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.select("Ben")
    field(desk, "title").setText("Porter")
    desk.trigger("save")
    (last,) = [one for one in desk.shared.server.read() if one.position == desk.shared.server.head().position]
    assert (last.actor, last.stream) == ("kim", BEN)
    assert desk.shown(BEN).title == "Porter"


def test_without_the_server_everything_is_read_and_typed_but_nothing_saved(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.select("Ada")
    desk.go_away()
    strip = bar(desk, SERVER)
    assert strip is not None
    assert strip.condition.severity is Severity.AMBER
    since = dates.local(desk.shared.offline_since or 0)
    said = f"Not connected since {since:%H:%M}. You see the directory as it was then; changes are kept as drafts."
    assert strip.condition.sentence.startswith(said)
    field(desk, "title").setText("Archivist")
    assert not field(desk, "title").isReadOnly()
    assert not save_button(desk).isEnabled()
    assert not desk.window.actions_.save.isEnabled()
    assert "no connection" in save_button(desk).accessibleDescription()
    assert desk.enabled() == {"new_user"}
    assert not desk.window.actions_.import_.isEnabled()
    assert "not connected" in status_line(desk.window.messages.standing).file.text
    desk.by("lee", UpdateUser(BEN, {"title": "Porter"}))
    assert not desk.shown(BEN).title
    desk.come_back()
    desk.until(lambda: bar(desk, SERVER) is None)
    desk.until(lambda: desk.runs() and desk.shown(BEN).title == "Porter")
    assert save_button(desk).isEnabled()
    assert field(desk, "title").text() == "Archivist"
    desk.trigger("save")
    assert desk.shown(ADA).title == "Archivist"


def test_trying_again_is_said_and_does_it_at_once(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.go_away()
    strip = bar(desk, SERVER)
    assert strip is not None
    (button,) = strip.findChildren(QPushButton)
    assert button.text() == "Try again"
    follows = desk.shared.follows
    button.click()
    said = bar(desk, SERVER)
    assert said is not None
    assert said.condition.sentence.endswith("Connecting…")
    desk.until(lambda: desk.shared.follows > follows)
    desk.until(lambda: "Connecting" not in bars(desk.window.messages.standing)[0].sentence)


def test_a_reader_is_told_why_nothing_can_be_written(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.shared.rights = "reader"
    desk.shared.hurry()
    desk.until(lambda: bar(desk, RIGHTS) is not None)
    desk.select("Ada")
    assert field(desk, "title").isReadOnly()
    assert desk.enabled() == set()
    strip = bar(desk, RIGHTS)
    assert strip is not None
    assert "kim" in strip.condition.sentence
    desk.shared.rights = "editor"
    desk.shared.hurry()
    desk.until(lambda: bar(desk, RIGHTS) is None)
    assert not field(desk, "title").isReadOnly()


def test_who_is_here_is_said_in_the_status_line(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.shared.here = ["lee", "kim"]
    desk.shared.hurry()
    desk.until(lambda: status_line(desk.window.messages.standing).people.text == "Here now: kim, lee")


def test_a_row_that_somebody_else_changed_bears_their_name(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    desk.by("lee", UpdateUser(ADA, {"title": "Archivist"}))
    named = desk.page.model.named
    assert {user: one.words for user, one in named.items()} == {ADA: "Changed by lee"}
    desk.page.model.set_named({})
    desk.by("kim", UpdateUser(ADA, {"title": "Head"}))
    assert not desk.page.model.named


def test_closing_ends_the_thread_and_the_connections(shared_desk: SharedDesk) -> None:
    desk = shared_desk
    thread = desk.live._thread
    desk.window.go_to_welcome()
    desk.runner.drain()
    assert not thread.is_alive()
    assert desk.shared.is_closed
