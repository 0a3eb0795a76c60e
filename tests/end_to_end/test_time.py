"""Going through time with a screen reader: what the slider says, playing and stopping, comparing."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from tests.end_to_end.conftest import Launch
from tests.end_to_end.test_first_day import quit_by_keys, run_commands


def test_the_slider_speaks_and_moments_are_compared(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    run_commands(
        directory,
        {"command": "CreateUser", "first_name": "Ada", "title": "Intern", "occurred_at": "2020-03-03T14:05:00Z"},
        {"command": "CreateUser", "first_name": "Ben", "occurred_at": "2020-03-04T09:00:00Z"},
        {"command": "CreateUser", "first_name": "Chi", "occurred_at": "2022-03-04T09:00:00Z"},
        {"command": "NameMoment", "name": "Two of us", "moment": "2020-03-05"},
    )
    app = launch(directory)
    users, slider = app.table("Users"), app.slider("Timeline")

    slider.value = 2
    told = ("Ben: Created", "2020", "change 2 of 4")
    app.eventually(lambda: all(map(slider.description.__contains__, told)), "the slider says what is at its moment")
    app.eventually(lambda: users.column("Name") == ["Ada", "Ben"], "the table shows the moment")

    app.button("Compare…").press()
    app.menu_item("With now").press()
    app.eventually(app.label("1 added").shows, "what differs is counted")
    app.eventually(lambda: users.column("Name") == ["Ada", "Ben", "Chi"], "who is not there yet is shown too")
    app.menu_item("Stop comparing").press()
    app.eventually(lambda: users.column("Name") == ["Ada", "Ben"], "the comparison has ended")

    quit_by_keys(app)


def test_the_history_plays_and_stops(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    days = (f"2020-03-{day:02}T09:00:00Z" for day in range(1, 31))
    run_commands(directory, *({"command": "CreateUser", "first_name": f"P{day}", "occurred_at": day} for day in days))
    app = launch(directory)
    users, slider = app.table("Users"), app.slider("Timeline")
    app.button("Play").press()
    app.eventually(lambda: 2 <= slider.value < 30, "it plays from the beginning, a day a second")
    app.button("Play").press()
    app.eventually(lambda: app.button("Play").description != "Pause", "it has stopped")
    stopped = slider.value
    app.eventually(lambda: users.row_count == stopped, "the table shows where it stopped")
    time.sleep(1.5)
    assert slider.value == stopped < 30
    app.button("Next change").press()
    app.eventually(lambda: users.row_count == stopped + 1, "one change further")
    quit_by_keys(app)


def test_the_changes_are_read_filtered_and_gone_to(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    run_commands(
        directory,
        {"command": "CreateUser", "first_name": "Ada", "title": "Intern", "occurred_at": "2020-03-03T14:05:00Z"},
        {"command": "CreateUser", "first_name": "Ben", "occurred_at": "2020-03-04T09:00:00Z"},
        {"command": "CreateUser", "first_name": "Chi", "occurred_at": "2022-03-04T09:00:00Z"},
    )
    app = launch(directory)
    changes, slider = app.table("Changes"), app.slider("Timeline")
    app.tab("Changes").press()
    app.eventually(lambda: changes.row_count == 3, "every step is listed while nobody is selected")
    listed = ["Chi: Created", "Ben: Created", "Ada: Created"]
    app.eventually(lambda: [row[0].split(",")[0] for row in changes.rows()] == listed, "each in a sentence")

    changes.click_cell(1, 0)
    app.eventually(lambda: slider.value == 2, "the slider goes where the line is")
    app.eventually(lambda: "later" in changes.cell(0, 0), "what came after it is told to be later")
    slider.value = 1
    app.eventually(lambda: changes.cell(2, 0).endswith("shown"), "the line goes where the slider is")

    app.field("Filter changes").text = "ben"
    app.eventually(lambda: changes.row_count == 1, "only what was done to Ben is listed")
    app.button("All changes").press()
    app.eventually(lambda: changes.row_count == 3, "everything is listed again")
    quit_by_keys(app)


def test_one_old_change_is_undone_and_what_was_changed_again_is_asked(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    ada = "01890000-0000-7000-8000-00000000000a"
    run_commands(
        directory,
        {"command": "CreateUser", "id": ada, "first_name": "Ada", "title": "Clerk", "phone": "1"},
        {"command": "UpdateUser", "id": ada, "title": "Editor", "phone": "2"},
        {"command": "CreateUser", "first_name": "Ben"},
        {"command": "UpdateUser", "id": ada, "title": "Director"},
    )
    app = launch(directory)
    users, slider = app.table("Users"), app.slider("Timeline")
    slider.value = 2
    app.eventually(lambda: users.column("Title") == ["Editor"], "the moment of the change is shown")
    app.menu_item("Undo this change").press()

    conflicts = app.table("Changed since")
    both = [["Ada: Title", "Clerk", "Editor", "Director"]]
    app.eventually(lambda: [row[:4] for row in conflicts.rows()] == both, "both are shown")
    would = app.table("What would change")
    app.eventually(lambda: would.rows() == [["Ada", "Phone", "2", "1"]], "what goes back in any case")
    app.field("Reason").text = "the wrong Ada"
    app.button("Undo this change").press()
    app.eventually(lambda: slider.value == slider.range[1] == 5, "the window is back at now, one change later")
    app.eventually(lambda: users.column("Title") == ["Director", ""], "what came later stays")
    app.eventually(lambda: users.column("Phone") == ["1", ""], "the rest went back")

    slider.value = 2
    app.eventually(lambda: users.column("Title") == ["Editor"], "the moment of the change is shown again")
    app.menu_item("Undo this change").press()
    app.eventually(lambda: len(conflicts.rows()) == 1, "it is asked again")
    conflicts.click_cell(0, 0)
    app.press_keys("space")
    app.eventually(lambda: app.button("Undo this change").enabled, "it is ticked, so there is something to undo")
    app.button("Undo this change").press()
    app.eventually(lambda: slider.value == slider.range[1] == 6, "one change more")
    app.eventually(lambda: users.column("Title") == ["Clerk", ""], "what was ticked is taken back all the same")

    users.click_cell(0, "Name")
    app.tab("History").press()
    history = app.control("list", name="Changes of this user")
    history.focus()
    app.eventually(lambda: "focused" in history.states, "keys go to the history")
    app.press_keys("u")
    app.eventually(lambda: would.rows() == [["Ada", "Title", "Clerk", "Director"]], "one key undoes the undo")
    app.button("Undo this change").press()
    app.eventually(lambda: users.column("Title") == ["Director", ""], "which brings back what was taken")
    quit_by_keys(app)


def test_the_timeline_is_filtered_and_switched_to_what_was_known(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    ada = "01890000-0000-7000-8000-00000000000a"
    run_commands(
        directory,
        {"command": "CreateUser", "id": ada, "first_name": "Ada", "title": "Clerk"},
        {"command": "CreateUser", "first_name": "Ben"},
    )
    between = datetime.now(UTC).isoformat()
    run_commands(directory, {"command": "CreateUser", "first_name": "Chi"})
    run_commands(directory, {"command": "UpdateUser", "id": ada, "title": "Head", "occurred_at": between})
    app = launch(directory)
    users, slider = app.table("Users"), app.slider("Timeline")
    slider.value = 0
    app.eventually(lambda: users.row_count == 0, "nobody is there at the beginning")
    app.button("All changes").press()
    app.menu_item("Changed").press()
    app.eventually(lambda: not app.button("All changes").shows(), "the filter says what counts")
    app.button("Next change").press()
    app.eventually(lambda: slider.value == 3, "only the changed title counts")
    app.eventually(lambda: users.column("Title") == ["Head", ""], "and is shown where it was true")

    app.button("As we knew it").press()
    app.eventually(lambda: users.column("Title") == ["Clerk", ""], "but was not known then")
    assert users.column("Name") == ["Ada", "Ben"]
    app.button("Return to now").press()
    app.eventually(lambda: users.column("Name") == ["Ada", "Ben", "Chi"], "everything is known again")
    assert users.column("Title") == ["Head", "", ""]
    quit_by_keys(app)


def test_a_change_is_taken_out_looked_at_and_left_in(launch: Launch, tmp_path: Path) -> None:
    directory = tmp_path / "staff.whowas"
    ada, ben = (f"01890000-0000-7000-8000-00000000000{letter}" for letter in "ab")
    run_commands(
        directory,
        {"command": "CreateUser", "id": ada, "first_name": "Ada", "title": "Clerk"},
        {"command": "CreateUser", "id": ben, "first_name": "Ben"},
        {"command": "UpdateUser", "id": ada, "title": "Editor"},
        {"command": "UpdateUser", "id": ben, "title": "Bursar"},
    )
    app = launch(directory)
    users, slider = app.table("Users"), app.slider("Timeline")
    slider.value = 2
    app.eventually(lambda: users.column("Title") == ["Clerk", ""], "the moment of the change is shown")
    app.menu_item("What if not…").press()
    app.eventually(lambda: users.column("Name") == ["Ada"], "Ben would not be there")
    assert users.column("Title") == ["Editor"], "what came later stands"
    told = app.label(pattern=".*imagined, nothing is written · 1 user would be different · 1 later change refused.*")
    app.eventually(told.shows, "the banner says what is shown")
    app.eventually(lambda: slider.range[1] == slider.value == 2, "only what would have happened is on the timeline")

    app.button("See what differs…").press()
    listed = app.table("What would be different")
    app.eventually(lambda: listed.row_count == 2, "what could not have been, and who would not be there")
    refused = ["Ben", "Title changed", "happened", "refused: There is no such user."]
    app.eventually(lambda: listed.rows(0, 1) == [refused], "each says why")
    app.button("Close").press()
    app.eventually(lambda: not listed.shows(), "the dialog is closed")

    app.button("Discard").press()
    # The value is the same in what was imagined; the range is not.
    app.eventually(lambda: slider.range[1] == 4 and slider.value == 2, "it is back where it was")
    app.eventually(lambda: users.column("Title") == ["Clerk", ""], "and shows that moment")
    slider.value = 4
    app.eventually(lambda: users.column("Title") == ["Editor", "Bursar"], "now is as before")

    slider.value = 2
    app.eventually(lambda: users.column("Title") == ["Clerk", ""], "the moment of the change is shown again")
    app.menu_item("What if not…").press()
    app.eventually(lambda: users.column("Name") == ["Ada"], "it is imagined again")
    app.button("Make it so…").press()
    app.field("Reason").text = "never came"
    app.button("Make it so").press()
    app.eventually(lambda: slider.value == slider.range[1] == 5, "it is done, as one change more")
    app.eventually(lambda: not told.shows(), "nothing is imagined any more")
    app.eventually(lambda: users.column("Name") == ["Ada"], "and now is what was imagined")
    quit_by_keys(app)
