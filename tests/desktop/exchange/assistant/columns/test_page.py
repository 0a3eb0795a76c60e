"""The first page of the assistant, by mouse and keyboard: what is said on it is what its plan says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QDate, QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.exchange.assistant.columns.looks import COLUMNS, GOOGLE, KNOWN, MONTHS
from tests.desktop.kit.drop_downs import entries, pick, ticked
from whowas.desktop.exchange.assistant.columns.field_menu import NEW_FIELD
from whowas.desktop.exchange.assistant.columns.field_name_dialog import FieldNameDialog
from whowas.desktop.exchange.assistant.columns.page import DAYS_UNTOLD, NOBODY_NAMED, ColumnsPage
from whowas.desktop.exchange.assistant.columns.status_box import SAYS_NOTHING, UNCHOSEN
from whowas.desktop.exchange.assistant.columns.true_since import DayPopup, today
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.kit.menu_box import MenuBox
from whowas.desktop.kit.segments import SegmentButton
from whowas.interchange.importing.dates.list_dates import moment_of
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.list_look import ColumnLook, ListLook, WordLook
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.mapping.saved_mappings import save_mapping
from whowas.interchange.reading.table import Detected, HowToRead, OtherEncoding
from whowas.system import folders

T = TypeVar("T", bound=QWidget)
HOSTILE = "<b>x</b> & \u202ey\nz"


class Assistant(QWidget):
    """The page in a window, with the button that goes on, and what it told."""

    def __init__(self) -> None:
        super().__init__()
        self.page = ColumnsPage()
        self.next = QPushButton("Next")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        column.addWidget(self.next)
        self.told: list[str] = []
        self.page.planChanged.connect(lambda: self.told.append("plan"))
        self.page.readingChanged.connect(lambda: self.told.append("reading"))
        self.page.filesWanted.connect(lambda: self.told.append("files"))

    def show_lists(self, *looks: ListLook, plan: ImportPlan | None = None) -> None:
        self.page.show_lists(looks, plan or ImportPlan(), KNOWN)

    def becomes(self, title: str) -> MenuBox:
        return named(self, MenuBox, f"{title} becomes")

    @property
    def plan(self) -> ImportPlan:
        return self.page.plan


def named(top: QWidget, kind: type[T], name: str) -> T:
    (found,) = [widget for widget in top.findChildren(kind) if widget.accessibleName() == name]
    return found


@pytest.fixture
def assistant(qtbot: QtBot) -> Assistant:
    made = Assistant()
    qtbot.addWidget(made)
    made.resize(920, 590)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def google(assistant: Assistant) -> Assistant:
    assistant.show_lists(GOOGLE)
    return assistant


def test_it_shows_what_was_recognised_and_says_nothing_of_it_itself(google: Assistant) -> None:
    assert [google.becomes(column.title).shown for column in COLUMNS] == [
        "First name",
        "Last name",
        "Email",
        "Leave out",
        "Phone",
        "External id",
        "Department",
        "Leave out",
        "Status",
    ]
    shown = {box.accessibleName(): box.shown for box in google.page.detected.boxes() if not box.isHidden()}
    assert shown == {
        "Source": "Google Workspace export",
        "Delimiter": "comma",
        "Encoding": "UTF-8",
        "Rows": "120 rows",
    }
    assert (google.plan, google.told) == (ImportPlan(), [])


def test_choosing_a_field_moves_it_there(google: Assistant) -> None:
    pick(google.becomes("Org Unit Path [Required]"), "Department")
    assert google.told == ["reading"]
    assert google.plan.chosen.fields == {"Org Unit Path [Required]": "department", "Department": None}
    assert google.becomes("Department").shown == "Leave out"
    pick(google.becomes("Department"), "Leave out")
    assert google.told == ["reading"], "it was left out already"


def test_a_field_can_be_new_under_the_title_or_another_name(google: Assistant) -> None:
    box = google.becomes("Cost Center")
    offered = entries(box)
    assert offered[-4:] == ["Room", "New field “Cost Center”", NEW_FIELD, "Leave out"]
    assert not any("assword" in entry for entry in offered)
    pick(box, "New field “Cost Center”")
    assert google.plan.chosen.fields == {"Cost Center": "attributes.Cost Center"}
    pick(box, NEW_FIELD)
    (dialog,) = google.findChildren(FieldNameDialog)
    line = dialog.findChildren(QLineEdit)[0]
    line.setText(" ")
    named_button(dialog, "Use this name").click()
    assert dialog.isVisible()
    line.setText("Cost centre")
    named_button(dialog, "Use this name").click()
    assert google.plan.chosen.fields == {"Cost Center": "attributes.Cost centre"}
    assert (box.shown, ticked(box)) == ("New field “Cost centre”", ["New field “Cost centre”"])
    pick(box, "Room")
    assert (box.shown, google.plan.chosen.fields) == ("Room", {"Cost Center": "attributes.Room"})


def test_what_is_seldom_offered_is_where_it_was_recognised(assistant: Assistant) -> None:
    columns = (ColumnLook("id", ("1",), ("id",)), ColumnLook("password_hash", (), ("password_hash",)), *COLUMNS)
    assistant.show_lists(replace(GOOGLE, columns=columns))
    assert ticked(assistant.becomes("id")) == ["Id"]
    assert ticked(assistant.becomes("password_hash")) == ["Password hash"]
    pick(assistant.becomes("id"), "External id")
    pick(assistant.becomes("password_hash"), "Leave out")
    assert "Id" in entries(assistant.becomes("id")), "as it can be taken back"
    for title in ("password_hash", "Cost Center"):
        assert not {"Id", "Password hash"} & set(entries(assistant.becomes(title)))


def named_button(top: QWidget, text: str) -> QPushButton:
    (button,) = [button for button in top.findChildren(QPushButton) if button.text() == text]
    return button


def test_how_a_file_is_read_can_be_corrected(assistant: Assistant) -> None:
    others = (OtherEncoding("Windows-1250", ("Müller", "Jörg", "Zoë")),)
    detected = Detected(
        "csv", "Windows-1252", ";", certain=False, others=others, sheet="A", sheets=("A", "B"), said=("Above.",)
    )
    assistant.show_lists(replace(GOOGLE, detected=detected))
    boxes = {box.accessibleName(): box for box in assistant.page.detected.boxes()}
    assert ticked(boxes["Encoding"]) == ["Windows-1252, as detected"]
    assert entries(boxes["Encoding"])[1] == "Windows-1250, which reads “Müller” and “Jörg”"
    pick(boxes["Encoding"], "Windows-1250, which reads “Müller” and “Jörg”")
    pick(boxes["Delimiter"], "space")
    pick(boxes["Rows"], "The first row is a user already")
    pick(boxes["Sheet"], "B")
    assert assistant.plan.how == HowToRead("Windows-1250", " ", "B", header=False)
    assert assistant.told == ["reading"] * 4
    again = replace(GOOGLE, detected=Detected("csv", "Windows-1250", " ", sheet="B", sheets=("A", "B")))
    assistant.page.show_lists([again], assistant.plan, KNOWN)
    assert ticked(boxes["Rows"]) == ["The first row is a user already"]
    for box, entry in (("Encoding", "Windows-1252"), ("Delimiter", "semicolon"), ("Sheet", "A")):
        pick(boxes[box], f"{entry}, as detected")
    assert assistant.plan.how == HowToRead(header=False)
    pick(boxes["Rows"], "The first row is a user already")
    assert assistant.told == ["reading"] * 7, "that is so already"


def test_a_spreadsheet_has_no_delimiter_and_no_encoding(assistant: Assistant) -> None:
    assistant.show_lists(replace(GOOGLE, detected=Detected("xlsx", sheet="A", sheets=("A",))))
    assert [box.accessibleName() for box in assistant.page.detected.boxes() if not box.isHidden()] == ["Source", "Rows"]


def test_a_mapping_that_was_saved_can_be_taken(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "config", lambda: tmp_path)
    said = Chosen({"cost center": "attributes.Fee", "Gone": "notes"}, {"Ehemalig": "deleted"}, "clear")
    save_mapping("Members", said)
    assistant.show_lists(replace(GOOGLE, product=""))
    source = assistant.page.detected.source
    assert (source.shown, ticked(source)) == ("No product recognised", ["No product recognised"])
    pick(source, "Mapping “Members”")
    assert assistant.plan.chosen == replace(said, fields={"cost center": "attributes.Fee"}, name="Members")
    assert assistant.becomes("Cost Center").shown == "New field “Fee”"
    assert assistant.page.options.blank.current() == "clear"
    assert (source.shown, ticked(source)) == ("Mapping “Members”", ["Mapping “Members”"])
    pick(source, "No product recognised")
    assert assistant.plan.chosen == Chosen(blank="clear")
    assert assistant.told == ["reading", "reading"]


def test_saved_mappings_that_cannot_be_read_are_said_to_be_damaged(
    google: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "config", lambda: tmp_path)
    (tmp_path / "mappings.json").write_text("{")
    assert entries(google.page.detected.source) == ["Google Workspace export"]
    assert "damaged" in google.page._refusal.text()
    assert google.page.detected.source.marked


def test_what_was_chosen_last_time_can_be_given_up_and_taken_again(assistant: Assistant) -> None:
    plan = ImportPlan(chosen=Chosen({"Cost Center": "attributes.Room"}))
    assistant.show_lists(replace(GOOGLE, product=""), plan=plan)
    source = assistant.page.detected.source
    assert (source.shown, assistant.becomes("Cost Center").shown) == ("As last time", "Room")
    pick(source, "No product recognised")
    assert (source.shown, assistant.becomes("Cost Center").shown) == ("No product recognised", "Leave out")
    pick(source, "As last time")
    assert assistant.plan == plan


def test_rules_are_said_without_reading_again(qtbot: QtBot, google: Assistant) -> None:
    by, among = named(google, MenuBox, "Users are recognised by"), named(google, MenuBox, "Among")
    assert (by.shown, among.shown) == ("External id, then email", "of 119 from this source")
    pick(by, "Email")
    qtbot.mouseClick(named(google, SegmentButton, "Clear"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(named(google, SegmentButton, "Suspend"), Qt.MouseButton.LeftButton)
    assert entries(among) == [
        "From this source (119)",
        "Everybody (1,204)",
        "In Badge holders (412)",
        "In Budget (38)",
    ], "no group whose name means something else to the rules"
    pick(among, "In Budget (38)")
    assert among.shown == "of 38 in Budget"
    assert google.told == ["plan"] * 4
    rules = ImportRules(keys=("email",), missing="suspend", among="Budget", skip_refused=True)
    assert google.plan == ImportPlan(chosen=Chosen(blank="clear"), rules=rules)
    pick(among, "Everybody (1,204)")
    assert (among.shown, google.plan.rules.among) == ("of all 1,204", "all")


def test_keys_that_no_title_gives_any_more_are_not_kept(google: Assistant) -> None:
    pick(google.becomes("Cost Center"), "Room")
    pick(named(google, MenuBox, "Users are recognised by"), "Room")
    assert google.plan.rules.keys == ("attributes.Room",)
    pick(google.becomes("Cost Center"), "Leave out")
    assert google.plan.rules.keys == ImportRules().keys


def test_an_unknown_word_is_marked_until_somebody_says_what_it_means(google: Assistant) -> None:
    box = named(google, MenuBox, "Ehemalig becomes")
    assert (box.shown, box.marked, ticked(box)) == (UNCHOSEN, True, [])
    assert google.page.statuses.rows[0].box is box, "where it is seen"
    pick(box, "Deleted")
    assert (box.shown, box.marked, google.told) == ("Deleted", False, ["plan"])
    blank = named(google, MenuBox, "(blank) becomes")
    assert (blank.shown, blank.marked) == (SAYS_NOTHING, False)
    pick(blank, "Suspended")
    assert google.plan.chosen.statuses == {"Ehemalig": "deleted", "": "suspended"}
    pick(blank, SAYS_NOTHING)
    pick(named(google, MenuBox, "Archived becomes"), "Active")
    assert google.plan.chosen.statuses == {"Ehemalig": "deleted", "Archived": "active"}


def test_what_was_said_of_blank_cells_is_taken_back_by_reading_again(assistant: Assistant) -> None:
    plan = ImportPlan(chosen=Chosen(statuses={"": "suspended"}))
    assistant.show_lists(replace(GOOGLE, words=(WordLook("", 2, "suspended"),)), plan=plan)
    blank = named(assistant, MenuBox, "(blank) becomes")
    assert blank.shown == "Suspended"
    pick(blank, SAYS_NOTHING)
    assert (assistant.told, assistant.plan) == (["reading"], ImportPlan())
    assistant.show_lists(replace(GOOGLE, words=(WordLook("", 2, None),)), plan=assistant.plan)
    assert blank.shown == SAYS_NOTHING


def test_words_of_status_are_away_where_no_title_is_the_status(google: Assistant) -> None:
    assert google.page.statuses.isVisible()
    pick(google.becomes("Status [READ ONLY]"), "Leave out")
    assert not google.page.statuses.isVisible()


def test_one_list_can_be_true_since_a_day(qtbot: QtBot, assistant: Assistant) -> None:
    assistant.show_lists(replace(GOOGLE, name="Members 2019-03.csv"))
    since = assistant.page.options.true_since
    assert [button.accessibleName() for button in since.buttons() if not button.isHidden()] == ["Today", "1 Mar 2019"]
    qtbot.mouseClick(named(since, SegmentButton, "1 Mar 2019"), Qt.MouseButton.LeftButton)
    assert assistant.plan.moments == {"Members 2019-03.csv": moment_of(date(2019, 3, 1))}
    (popup,) = since.findChildren(DayPopup)
    assert popup.month.maximumDate() == QDate(today().year, today().month, today().day)
    popup.month.clicked.emit(QDate(2019, 3, 5))
    assert assistant.plan.moments == {"Members 2019-03.csv": moment_of(date(2019, 3, 5))}
    assert named(since, SegmentButton, "5 Mar 2019").isChecked()
    assert (assistant.plan.agreed, assistant.told) == (True, ["plan", "plan"])
    qtbot.mouseClick(named(since, SegmentButton, "Today"), Qt.MouseButton.LeftButton)
    assert assistant.plan == ImportPlan()


def test_dated_lists_want_two_things_said(qtbot: QtBot, assistant: Assistant) -> None:
    assistant.show_lists(*MONTHS)
    page = assistant.page
    assert page.options.true_since.current() == "names"
    assert list(assistant.plan.moments) == [look.name for look in MONTHS]
    assert (page.options.blank.current(), page.options.missing.current(), assistant.plan.agreed) == (None, None, False)
    assert page._hint.isVisible()
    qtbot.mouseClick(named(assistant, SegmentButton, "Leave as they are"), Qt.MouseButton.LeftButton)
    assert not assistant.plan.agreed
    qtbot.mouseClick(named(assistant, SegmentButton, "Leave"), Qt.MouseButton.LeftButton)
    assert assistant.plan.agreed
    assert not page._hint.isVisible()
    assert (assistant.plan.chosen.blank, assistant.plan.rules.missing) == ("keep", "keep")
    page.show_lists(MONTHS, assistant.plan, KNOWN)
    assert assistant.plan.agreed, "it stays said when they are read again"


def test_a_cell_that_may_be_two_days_wants_it_said_which_part_comes_first(qtbot: QtBot, assistant: Assistant) -> None:
    days = assistant.page.days
    assistant.show_lists(GOOGLE)
    assert days.isHidden()
    dated = replace(GOOGLE, open_day="03/04/2024")
    assistant.show_lists(dated)
    assert (assistant.plan.agreed, assistant.page._hint.text()) == (False, DAYS_UNTOLD)
    assert days.isVisible()
    assert (days.segments.accessibleName(), days.segments.current()) == ("03/04/2024 means", None)
    qtbot.mouseClick(named(days, SegmentButton, "Day first"), Qt.MouseButton.LeftButton)
    assert (assistant.plan.chosen.days, assistant.plan.agreed, assistant.told) == ("day first", True, ["plan"])
    assert not assistant.page._hint.isVisible()
    assistant.show_lists(dated, plan=assistant.plan)
    assert (assistant.plan.agreed, days.segments.current()) == (True, "day first")
    assistant.show_lists(GOOGLE)
    assert days.isHidden()


def test_they_do_not_where_all_are_true_today(qtbot: QtBot, assistant: Assistant) -> None:
    assistant.show_lists(*MONTHS)
    qtbot.mouseClick(named(assistant, SegmentButton, "Today"), Qt.MouseButton.LeftButton)
    assert assistant.plan == ImportPlan()
    assert (assistant.page.options.blank.current(), assistant.page.options.missing.current()) == ("keep", "keep")
    assistant.page.show_lists(MONTHS, assistant.plan, KNOWN)
    assert assistant.plan == ImportPlan(), "and no date comes back when they are read again"


def test_dates_that_no_name_says_are_asked_for_elsewhere(qtbot: QtBot, assistant: Assistant) -> None:
    looks = [replace(GOOGLE, name=name) for name in ("a.csv", "b.csv")]
    assistant.show_lists(*looks)
    assert assistant.plan == ImportPlan()
    qtbot.mouseClick(named(assistant, SegmentButton, "Their dates…"), Qt.MouseButton.LeftButton)
    assert (assistant.told, assistant.plan) == (["files"], ImportPlan())
    assert assistant.page.options.true_since.current() == "today"
    assistant.show_lists(*looks, plan=ImportPlan(moments={"a.csv": 1, "b.csv": 2}))
    assert assistant.page.options.true_since.current() == "files"
    assert not assistant.plan.agreed


def test_several_files_are_counted_and_asked_for(qtbot: QtBot, assistant: Assistant) -> None:
    assistant.show_lists(*MONTHS)
    files = named(assistant, MenuBox, "Files")
    assert files.shown == "3 files"
    qtbot.mouseClick(files, Qt.MouseButton.LeftButton)
    assert assistant.told == ["files"]
    assert assistant.page.detected.rows.shown == "360 rows"


def stops(qtbot: QtBot, assistant: Assistant) -> list[str]:
    """Where the Tab key stops, from the first drop-down on."""
    first = next(box for box in assistant.page.detected.boxes() if not box.isHidden())
    first.setFocus()
    found: list[str] = []
    while (widget := QApplication.focusWidget()) is not assistant.next and len(found) < 400:
        assert widget is not None
        found.append(widget.accessibleName())
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    return found


def test_tab_goes_through_everything_in_the_order_it_stands(qtbot: QtBot, google: Assistant) -> None:
    expected = [
        *("Source", "Delimiter", "Encoding", "Rows", "What was recognised"),
        *(f"{column.title} becomes" for column in COLUMNS),
        *("Users are recognised by", "Leave as they are", "Leave", "Among", "Today"),
        *("Ehemalig becomes", "Active becomes", "Suspended becomes", "Archived becomes", "(blank) becomes"),
    ]
    assert stops(qtbot, google) == expected
    fewer = replace(GOOGLE, columns=COLUMNS[:3], words=())
    google.show_lists(fewer)
    google.show_lists(GOOGLE)
    assert stops(qtbot, google) == expected, "also of rows that came later"


@pytest.mark.parametrize("count", [3, 200])
def test_any_number_of_titles_is_made_a_few_at_a_time(qtbot: QtBot, assistant: Assistant, count: int) -> None:
    columns = tuple(ColumnLook(f"Title {number}", ("1", "2"), ()) for number in range(count))
    assistant.show_lists(replace(GOOGLE, columns=columns, words=()))
    if count > 100:
        assert not assistant.page.table.complete, "not all at once"
    qtbot.waitUntil(lambda: assistant.page.table.complete)
    found = stops(qtbot, assistant)
    assert [name for name in found if name.startswith("Title")] == [f"{column.title} becomes" for column in columns]
    pick(assistant.becomes(f"Title {count - 1}"), "Email")
    assert assistant.plan.chosen.fields == {f"Title {count - 1}": "email"}
    assistant.show_lists(GOOGLE)
    assert assistant.page.table.complete
    assert [name for name in stops(qtbot, assistant) if name.startswith("Title")] == []


def test_the_row_with_the_focus_is_in_sight(qtbot: QtBot, assistant: Assistant) -> None:
    columns = tuple(ColumnLook(f"Title {number}", (), ()) for number in range(30))
    assistant.show_lists(replace(GOOGLE, columns=columns))
    qtbot.waitUntil(lambda: assistant.page.table.complete)
    assistant.becomes("Title 0").setFocus()
    for _ in range(29):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    last = assistant.becomes("Title 29")
    assert last.hasFocus()
    assert not last.visibleRegion().isEmpty()


def test_what_people_have_written_is_text(qtbot: QtBot, assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    long = HOSTILE * 2_000
    look = replace(
        GOOGLE,
        columns=(ColumnLook(HOSTILE, (HOSTILE, long), ()), ColumnLook(long, (), ("status",))),
        words=(WordLook(HOSTILE, 1, None), WordLook(long, 2, "active")),
        product=HOSTILE,
        detected=replace(GOOGLE.detected, sheets=(HOSTILE, long), sheet=long),
    )
    assistant.show_lists(look)
    assistant.page.show_refusal(long)
    assistant.grab()
    tips: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, _widget: tips.append(text))
    row = assistant.page.table.box_of(HOSTILE).parentWidget()
    for place in (QPoint(50, 10), QPoint(300, 10)):
        QApplication.sendEvent(row, QHelpEvent(QEvent.Type.ToolTip, place, place))
    assert len(tips) == 2
    assert all("&lt;b&gt;x&lt;/b&gt; &amp;" in tip for tip in tips)
    box = assistant.page.table.box_of(HOSTILE)
    assert box.accessibleName().endswith(" becomes")
    assert len(assistant.page.table.box_of(long).accessibleName()) < 120
    pick(box, "Email")
    assert assistant.plan.chosen.fields == {HOSTILE: "email"}


def test_a_refusal_stands_where_it_is_corrected_until_it_is(google: Assistant) -> None:
    google.page.show_refusal("No encoding is called “x”.", "encoding")
    assert google.page._refusal.isVisible()
    assert [box.accessibleName() for box in google.page.detected.boxes() if box.marked] == ["Encoding"]
    pick(google.page.detected.delimiter, "tab")
    assert not google.page._refusal.isVisible()
    assert not google.page.detected.encoding.marked


def test_nothing_waits_while_files_are_read_again(google: Assistant) -> None:
    google.page.show_reading(True)
    pick(google.becomes("Cost Center"), "Room")
    assert google.plan.chosen.fields == {"Cost Center": "attributes.Room"}
    by = named(google, MenuBox, "Users are recognised by")
    pick(by, "Email")
    assert google.told == ["reading", "reading"], "what is being read knows nothing of it"
    google.page.show_reading(False)
    pick(by, "External id")
    assert google.told[2:] == ["plan"]


@pytest.mark.parametrize("looks", [(GOOGLE,), MONTHS])
def test_nothing_is_cut_off_or_over_something_else(assistant: Assistant, looks: Sequence[ListLook]) -> None:
    assistant.show_lists(*looks)
    for height in (548, 440):
        page = assistant.page
        page.setFixedSize(920, height)
        QApplication.processEvents()
        parts = [page.detected, page.table, page.options, page.statuses, page._hint]
        shown = [part.geometry() for part in parts if part.isVisible()]
        assert all(page.rect().contains(area) for area in shown)
        assert not any(one.intersects(other) for at, one in enumerate(shown) for other in shown[:at])
        for button in page.options.findChildren(SegmentButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width()
                assert button.mapTo(page.options, button.rect().bottomRight()).x() <= page.options.width()


def test_somebody_has_to_be_named(assistant: Assistant) -> None:
    columns = (ColumnLook("Kto", ("Ada",), ()), ColumnLook("Gdzie", ("Here",), ()))
    assistant.show_lists(replace(GOOGLE, product="", columns=columns, words=()))
    assert (assistant.plan.agreed, assistant.page._hint.text()) == (False, NOBODY_NAMED)
    pick(assistant.becomes("Gdzie"), "Department")
    assert not assistant.plan.agreed
    pick(assistant.becomes("Kto"), "Full name")
    assert assistant.plan.agreed
    assert not assistant.page._hint.isVisible()


def test_no_list_yet_can_still_be_read_otherwise(assistant: Assistant) -> None:
    assistant.show_lists()
    assistant.page.show_refusal("Nothing in this list names a person.")
    pick(assistant.page.detected.delimiter, "semicolon")
    assert (assistant.plan.how.delimiter, assistant.told) == (";", ["reading"])
