"""What is shown, and what it is compared with, stays what it was when steps come in before it or less is known."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLabel, QPushButton

from tests.desktop.changes.test_changes import do, take_in
from tests.desktop.comparing.test_commands import entries, shown
from tests.desktop.window.test_main_window import BEN, Desk, desk, directory
from whowas.domain.commands import UpdateUser

__all__ = ["desk", "directory"]

# The steps of the directory: 1 a group, 2 Ada, 3 Ben, 4 Chi, 5 Ada joins the group.
OLDER = 2
"""So many steps come in before them with what is taken in."""

ADDED, CHANGED = "added", "changed"


def banner(desk: Desk) -> list[str]:
    return [label.text() for label in desk.page.banner.findChildren(QLabel) if not label.isHidden()]


def grounds(desk: Desk) -> dict[str, str | None]:
    """What the comparison says of each user in the table."""
    return {name: difference and difference.background for name, difference in shown(desk).items()}


def switch(desk: Desk) -> None:
    button = next(one for one in desk.page.banner.findChildren(QPushButton) if one.text() == "As we knew it")
    button.click()
    desk.settle()


def test_a_past_stays_what_it_was_when_an_older_history_is_taken_in(desk: Desk) -> None:
    desk.page.view.show_moment(3)
    when = desk.page.view.occurred_at()
    take_in(desk)
    assert (desk.page.view.moment, desk.page.view.occurred_at()) == (3 + OLDER, when)
    assert desk.page.timeline.slider.value() == 3 + OLDER
    assert {"Ada", "Ben"} < set(desk.names())
    assert desk.page.view.is_past


def test_the_beginning_stays_the_beginning(desk: Desk) -> None:
    desk.page.view.show_moment(0)
    take_in(desk)
    assert desk.page.view.moment == desk.page.timeline.slider.value() == 0


def test_what_is_compared_with_stays_what_it_was(desk: Desk) -> None:
    desk.page.view.compare_with(3)
    assert grounds(desk) == {"Ada": CHANGED, "Ben": None, "Chi": ADDED}
    told = banner(desk)
    take_in(desk)
    assert desk.page.view.pinned == 3 + OLDER
    assert grounds(desk)["Chi"] == ADDED
    assert [text for text in banner(desk) if "compared" in text] == [text for text in told if "compared" in text]


def test_compared_with_now_follows_it(desk: Desk) -> None:
    desk.page.view.show_moment(4)
    entries(desk)["With now"].trigger()
    do(desk, UpdateUser(BEN, {"title": "Clerk"}))
    assert grounds(desk)["Ben"] == CHANGED
    assert any("compared with now" in text for text in banner(desk))


def test_a_present_that_is_kept_does_not_follow(desk: Desk) -> None:
    entries(desk)["Keep the moment shown, and compare others with it"].trigger()
    do(desk, UpdateUser(BEN, {"title": "Clerk"}))
    assert grounds(desk)["Ben"] == CHANGED
    assert not any("compared with now" in text for text in banner(desk))


def test_as_we_knew_it_compares_with_the_same_moment_and_says_so(desk: Desk) -> None:
    take_in(desk)
    desk.page.view.show_moment(OLDER + 4)
    desk.page.view.compare_with(OLDER + 2)
    told = next(text for text in banner(desk) if "compared with" in text)
    assert grounds(desk) == {"Ada": None, "Ben": ADDED, "Chi": ADDED, "Dan": None}
    switch(desk)
    assert grounds(desk) == {"Ada": None, "Ben": ADDED, "Chi": ADDED}
    assert (desk.page.view.moment, desk.page.view.pinned) == (4, 2)
    (note,) = (text for text in banner(desk) if "compared with" in text)
    assert note.startswith("what had been recorded by ")
    assert note.endswith(told)
    switch(desk)
    assert (desk.page.view.moment, desk.page.view.pinned) == (OLDER + 4, OLDER + 2)


def test_switching_back_goes_to_the_moment_looked_at(desk: Desk) -> None:
    take_in(desk)
    desk.page.view.show_moment(OLDER + 5)
    switch(desk)
    desk.page.view.show_moment(3)
    when = desk.page.view.occurred_at()
    switch(desk)
    assert (desk.page.view.moment, desk.page.view.occurred_at()) == (OLDER + 3, when)


def test_a_question_about_one_change_leaves_the_moment_where_it_was(desk: Desk) -> None:
    take_in(desk)
    desk.page.view.show_moment(OLDER + 4)
    switch(desk)
    line = desk.page._session.reads.change_line(desk.page.view.moment)
    assert line is not None
    desk.commands._put_back.undo_change(line.change_id, "Chi: Created")
    desk.settle()
    (question,) = (dialog for dialog in desk.window.findChildren(QDialog) if dialog.isVisible())
    question.reject()
    desk.settle()
    assert desk.page.view.moment == OLDER + 4


def test_the_last_moment_known_once_is_a_past_among_those_known_today(desk: Desk) -> None:
    take_in(desk)
    do(desk, UpdateUser(BEN, {"title": "Clerk"}))
    now = desk.page.view.index.now
    desk.page.view.show_moment(now - 1)
    switch(desk)
    desk.page.timeline.slider.setValue(desk.page.timeline.slider.maximum())
    switch(desk)
    assert desk.page.view.is_past
    assert desk.page.view.moment == desk.page.timeline.slider.value() == now - 1
