"""The details form: its draft, its errors, showing the past, and accessibility."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from whowas.desktop.details.draft import Draft, UserForm
from whowas.desktop.details.form import DetailsForm
from whowas.desktop.details.group_chips import Chip
from whowas.desktop.details.panel import DetailsPanel
from whowas.desktop.history.list import HistoryItem
from whowas.desktop.kit import theme

ADA = UserForm(
    "ada",
    14,
    {
        "first_name": "Ada",
        "last_name": "Osei",
        "email": "ada.osei@example.org",
        "phone": "(202) 225-3772",
        "title": "Clerk",
        "department": "Records",
        "notes": "Covers the Tuesday desk.",
    },
    ("Records", "Badge holders"),
    {"Start date": "2024-02-01"},
    has_password=True,
    external_id="A-0042",
)
BEN = UserForm("ben", 2, {"first_name": "Ben", "last_name": "Ruiz"}, status="suspended")
NEW = UserForm(None)
FIXED_NAMES = ("First name", "Last name", "Email", "Phone", "Title", "Department", "Notes")


@dataclass
class Heard:
    """The signals that the form emitted."""

    drafts: list[Draft | None] = field(default_factory=list)
    saves: list[Draft] = field(default_factory=list)
    discards: int = 0

    def discarded(self) -> None:
        self.discards += 1


@pytest.fixture
def panel(qtbot: QtBot) -> DetailsPanel:
    made = DetailsPanel()
    qtbot.addWidget(made)
    made.resize(322, 700)
    made.form.set_custom_fields([("Start date", "Start date")])
    made.form.set_known_groups(["Records", "Systems", "Budget"])
    made.show()
    made.activateWindow()
    made.show_user(ADA)
    return made


@pytest.fixture
def form(panel: DetailsPanel) -> DetailsForm:
    return panel.form


@pytest.fixture
def heard(form: DetailsForm) -> Heard:
    heard = Heard()
    form.draftChanged.connect(heard.drafts.append)
    form.saveRequested.connect(heard.saves.append)
    form.discardRequested.connect(heard.discarded)
    return heard


def named(parent: QWidget, name: str) -> QWidget:
    """The one widget seen that a screen reader calls ``name``; labels do not count."""
    (found,) = (
        child
        for child in parent.findChildren(QWidget)
        if child.isVisibleTo(parent)
        and not isinstance(child, QLabel)
        and QAccessible.queryAccessibleInterface(child).text(QAccessible.Text.Name) == name
    )
    return found


def line(form: DetailsForm, name: str) -> QLineEdit:
    found = named(form, name)
    assert isinstance(found, QLineEdit)
    return found


def notes(form: DetailsForm) -> QPlainTextEdit:
    found = named(form, "Notes")
    assert isinstance(found, QPlainTextEdit)
    return found


def button(form: DetailsForm, name: str) -> QAbstractButton:
    found = named(form, name)
    assert isinstance(found, QAbstractButton)
    return found


def offers_saving(form: DetailsForm) -> bool:
    (save,) = (one for one in form.findChildren(QAbstractButton) if one.text() == "Save")
    return save.isVisibleTo(form) and save.isEnabled()


def chips(form: DetailsForm) -> list[str]:
    return [chip.name for chip in form.findChildren(Chip) if chip.isVisibleTo(form)]


def type_over(qtbot: QtBot, editor: QLineEdit | QPlainTextEdit, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    if text:
        qtbot.keyClicks(editor, text)
    else:
        qtbot.keyClick(editor, Qt.Key.Key_Delete)


def shown_sentences(form: DetailsForm) -> list[str]:
    labels = [label for label in form.findChildren(QLabel) if label.wordWrap() and label.isVisibleTo(form)]
    return [label.text() for label in labels if label.text()]


def test_every_field_shows_its_text_under_its_fixed_name(form: DetailsForm) -> None:
    shown = {name: line(form, name).text() for name in FIXED_NAMES if name != "Notes"}
    assert shown == {
        "First name": "Ada",
        "Last name": "Osei",
        "Email": "ada.osei@example.org",
        "Phone": "(202) 225-3772",
        "Title": "Clerk",
        "Department": "Records",
    }
    assert notes(form).toPlainText() == "Covers the Tuesday desk."
    assert line(form, "Start date").text() == "2024-02-01"
    assert line(form, "Status").text() == "Active"
    assert line(form, "Password").text() == "Set"
    assert line(form, "External id").text() == "A-0042"
    assert chips(form) == ["Records", "Badge holders"]
    assert not offers_saving(form)


def test_labels_are_buddies_and_belong_together_for_a_screen_reader(form: DetailsForm) -> None:
    for name in FIXED_NAMES:
        (label,) = (one for one in form.findChildren(QLabel) if one.text() == name)
        assert label.buddy() is named(form, name)


def test_the_tab_key_goes_through_the_fields_in_their_order(form: DetailsForm, qtbot: QtBot) -> None:
    line(form, "First name").setFocus()
    names = []
    for _ in range(20):
        focused = form.focusWidget()
        names.append(QAccessible.queryAccessibleInterface(focused).text(QAccessible.Text.Name))
        if names[-1] == "Notes":
            break
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    fields = [name for name in names if not name.startswith(("Remove", "More", "Set password"))]
    assert fields == [
        *("First name", "Last name", "Email", "Phone", "Title", "Department"),
        *("Status", "Password", "Add group", "Start date", "Notes"),
    ]
    assert "Remove Records" in names
    assert "Set password…" in names


def test_an_edit_makes_a_draft_and_taking_it_back_ends_it(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    title = line(form, "Title")
    title.setFocus()
    title.end(False)
    qtbot.keyClicks(title, "X")
    assert heard.drafts == [Draft({"title": "ClerkX"})]
    assert offers_saving(form)
    qtbot.keyClick(title, Qt.Key.Key_Backspace)
    assert heard.drafts[-1] is None
    assert not offers_saving(form)


def test_what_a_screen_reader_writes_is_an_edit(form: DetailsForm, heard: Heard) -> None:
    email = QAccessible.queryAccessibleInterface(line(form, "Email"))
    email.editableTextInterface().replaceText(0, email.textInterface().characterCount(), "new@example.org")
    assert heard.drafts[-1] == Draft({"email": "new@example.org"})
    assert offers_saving(form)


def test_saving_hands_over_trimmed_texts(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Title"), "  Archivist ")
    type_over(qtbot, line(form, "Phone"), "")
    type_over(qtbot, line(form, "Start date"), "2025-01-01 ")
    button(form, "Save").click()
    assert heard.saves == [Draft({"title": "Archivist", "phone": ""}, None, {"Start date": "2025-01-01"})]
    assert form.draft() is not None


def test_enter_in_a_line_saves_and_in_notes_does_not(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    qtbot.keyClick(line(form, "Title"), Qt.Key.Key_Return)
    assert heard.saves == []
    type_over(qtbot, line(form, "Title"), "Archivist")
    qtbot.keyClick(line(form, "Title"), Qt.Key.Key_Return)
    assert heard.saves == [Draft({"title": "Archivist"})]
    notes(form).setFocus()
    qtbot.keyClick(notes(form), Qt.Key.Key_Return)
    assert len(heard.saves) == 1


def test_while_busy_nothing_is_saved_twice(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist")
    form.set_busy(True)
    form.save()
    form.discard()
    assert not button(form, "Save").isEnabled()
    assert heard.saves == []
    assert form.draft() == Draft({"title": "Archivist"})
    form.set_busy(False)
    form.save()
    assert heard.saves == [Draft({"title": "Archivist"})]


def test_what_was_saved_is_no_draft_any_more(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist ")
    button(form, "Save").setFocus()
    form.save()
    form.show_user(replace(ADA, version=15, values={**ADA.values, "title": "Archivist"}))
    assert heard.drafts[-1] is None
    assert line(form, "Title").text() == "Archivist"
    assert not offers_saving(form)


def test_a_space_just_typed_is_not_taken_away(form: DetailsForm, qtbot: QtBot) -> None:
    title = line(form, "Title")
    title.setFocus()
    title.end(False)
    qtbot.keyClicks(title, " ")
    form.show_user(replace(ADA, version=15, values={**ADA.values, "phone": "1"}))
    qtbot.keyClicks(title, "II")
    assert form.draft() == Draft({"title": "Clerk II"})


def test_discarding_shows_the_user_as_it_is(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist")
    type_over(qtbot, notes(form), "Other")
    form.rows.groups.adding.setText("Legal")
    form.set_error("title", "No.")
    button(form, "Discard").click()
    assert (line(form, "Title").text(), notes(form).toPlainText()) == ("Clerk", "Covers the Tuesday desk.")
    assert chips(form) == ["Records", "Badge holders"]
    assert shown_sentences(form) == []
    assert (heard.drafts[-1], heard.discards, form.draft()) == (None, 1, None)
    assert not offers_saving(form)


def test_the_keyboard_goes_to_a_field_when_its_button_goes(form: DetailsForm, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist")
    discard = button(form, "Discard")
    discard.setFocus()
    qtbot.keyClick(discard, Qt.Key.Key_Space)
    assert form.focusWidget() is line(form, "First name")


def test_another_user_comes_without_the_draft_or_errors_of_the_one_before(
    form: DetailsForm, heard: Heard, qtbot: QtBot
) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist")
    form.set_error("title", "No.")
    heard.drafts.clear()
    form.show_user(BEN)
    assert (line(form, "First name").text(), line(form, "Title").text()) == ("Ben", "")
    assert (form.draft(), shown_sentences(form), heard.drafts) == (None, [], [])
    form.show_user(ADA, Draft({"title": "Archivist"}, ("Legal",), {"Start date": "x"}))
    assert (line(form, "Title").text(), line(form, "Start date").text()) == ("Archivist", "x")
    assert chips(form) == ["Legal"]
    assert form.draft() == Draft({"title": "Archivist"}, ("Legal",), {"Start date": "x"})
    assert heard.drafts == []


def test_somebody_elses_edit_comes_in_beside_the_draft(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    email = line(form, "Email")
    type_over(qtbot, email, "mine@example.org")
    email.setCursorPosition(3)
    theirs = replace(ADA, version=15, values={**ADA.values, "phone": "123"}, groups=("Records", "Systems"))
    heard.drafts.clear()
    form.show_user(theirs)
    assert (email.text(), email.cursorPosition()) == ("mine@example.org", 3)
    assert line(form, "Phone").text() == "123"
    assert chips(form) == ["Records", "Systems"]
    assert form.draft() == Draft({"email": "mine@example.org"})
    assert heard.drafts == []
    assert shown_sentences(form) == []


def test_a_field_that_both_edited_says_so(form: DetailsForm, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Email"), "mine@example.org")
    form.show_user(replace(ADA, version=15, values={**ADA.values, "email": "theirs@example.org"}))
    (sentence,) = shown_sentences(form)
    assert "theirs@example.org" in sentence
    described = QAccessible.queryAccessibleInterface(line(form, "Email")).text(QAccessible.Text.Description)
    assert described == sentence
    form.show_user(replace(ADA, version=16, values={**ADA.values, "email": "mine@example.org"}))
    assert shown_sentences(form) == []
    assert form.draft() is None


def test_joining_a_group_is_carried_over_somebody_elses(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    qtbot.keyClicks(form.rows.groups.adding, "Press")
    qtbot.keyClick(form.rows.groups.adding, Qt.Key.Key_Return)
    form.show_user(replace(ADA, version=15, groups=("Records", "Systems")))
    assert chips(form) == ["Records", "Systems", "Press"]
    assert heard.drafts[-1] == Draft(groups=("Records", "Systems", "Press"))


def test_an_error_stands_beneath_its_field_until_it_is_edited(form: DetailsForm, qtbot: QtBot) -> None:
    email, phone = line(form, "Email"), line(form, "Phone")
    before = phone.mapTo(form, QPoint()).y()
    form.set_error("email", "“ada” is not an email address.")
    assert shown_sentences(form) == ["“ada” is not an email address."]
    spoken = QAccessible.queryAccessibleInterface(email)
    assert spoken.text(QAccessible.Text.Description) == "“ada” is not an email address."
    assert form.focusWidget() is email
    qtbot.waitUntil(lambda: 10 < phone.mapTo(form, QPoint()).y() - before < 30)
    qtbot.keyClicks(email, "x")
    assert shown_sentences(form) == []
    assert spoken.text(QAccessible.Text.Description) == "was ada.osei@example.org"
    qtbot.keyClick(email, Qt.Key.Key_Backspace)
    assert spoken.text(QAccessible.Text.Description) == ""
    qtbot.waitUntil(lambda: phone.mapTo(form, QPoint()).y() == before)


@pytest.mark.parametrize(
    ("refused", "name"), [("attributes.Start date", "Start date"), ("groups", "Add group"), ("notes", "Notes")]
)
def test_errors_find_custom_fields_groups_and_notes(form: DetailsForm, refused: str, name: str) -> None:
    form.set_error(refused, "No.")
    assert shown_sentences(form) == ["No."]
    assert form.focusWidget() is named(form, name)
    spoken = QAccessible.queryAccessibleInterface(named(form, name))
    assert spoken.text(QAccessible.Text.Description) == "No."


def test_a_custom_field_may_be_called_like_a_field(form: DetailsForm) -> None:
    form.set_custom_fields([("groups", "groups"), ("email", "email")])
    form.set_error("groups", "No.")
    assert form.focusWidget() is named(form, "Add group")
    form.set_error("email", "No.")
    assert form.focusWidget() is line(form, "Email")
    form.set_error("attributes.email", "No.")
    assert form.focusWidget() is line(form, "email")


def test_the_buttons_stay_where_they_are_and_wait_for_a_draft(form: DetailsForm, qtbot: QtBot) -> None:
    save, discard = (button(form, name) for name in ("Save", "Discard"))
    place = save.mapTo(form, QPoint(0, 0))

    assert (save.isVisibleTo(form), save.isEnabled(), discard.isEnabled()) == (True, False, False)
    type_over(qtbot, line(form, "Title"), "Counsel")
    assert (save.isEnabled(), discard.isEnabled()) == (True, True)
    assert save.mapTo(form, QPoint(0, 0)) == place
    form.discard()
    assert (save.isVisibleTo(form), save.isEnabled(), discard.isEnabled()) == (True, False, False)


def test_an_error_of_no_field_stands_by_the_buttons_until_the_next_try(form: DetailsForm, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist")
    form.set_error("", "The disk is full.")
    assert shown_sentences(form) == ["The disk is full."]
    form.save()
    assert shown_sentences(form) == []


def test_an_error_out_of_sight_is_scrolled_to(form: DetailsForm, panel: DetailsPanel, qtbot: QtBot) -> None:
    panel.resize(322, 400)
    form.set_custom_fields([(f"Field {number}", f"Field {number}") for number in range(20)])
    form.set_error("attributes.Field 17", "No.")
    editor = line(form, "Field 17")
    qtbot.waitUntil(lambda: not editor.visibleRegion().isEmpty())


def test_the_scroll_bar_says_how_much_is_seen(form: DetailsForm, panel: DetailsPanel, qtbot: QtBot) -> None:
    form.set_custom_fields([(f"Field {number}", f"Field {number}") for number in range(20)])
    widths = {line(form, name).width() for name in ("Email", "Field 1")}
    (area,) = form.findChildren(QAbstractScrollArea, options=Qt.FindChildOption.FindDirectChildrenOnly)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 500)
    (bar,) = (one for one in area.findChildren(QScrollBar) if one.isVisibleTo(form))
    assert bar.pageStep() == area.viewport().height()
    assert bar.maximum() + bar.pageStep() == form.rows.height()
    bar.setValue(bar.maximum())
    assert not notes(form).visibleRegion().isEmpty()
    form.set_custom_fields([])
    panel.resize(322, 900)
    qtbot.waitUntil(lambda: bar.isHidden())
    assert widths == {line(form, "Email").width()}


def geometry(form: DetailsForm) -> dict[str, QRect]:
    return {
        name: QRect(named(form, name).mapTo(form, QPoint()), named(form, name).size())
        for name in (*FIXED_NAMES, "Status", "Password", "Groups", "Start date")
    }


def test_the_past_can_be_read_and_copied_but_not_edited(form: DetailsForm, qtbot: QtBot) -> None:
    before = geometry(form)
    form.set_read_only(True)
    form.show_user(ADA)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    assert geometry(form) == before
    email = line(form, "Email")
    email.setFocus()
    email.selectAll()
    qtbot.keyClicks(email, "x")
    email.copy()
    assert email.text() == QApplication.clipboard().text() == "ada.osei@example.org"
    qtbot.keyClicks(notes(form), "x")
    assert notes(form).toPlainText() == "Covers the Tuesday desk."
    assert QAccessible.queryAccessibleInterface(email).state().readOnly
    for name in ("Add group", "More", "Set password…", "Remove Records"):
        with pytest.raises(ValueError, match="not enough values"):
            named(form, name)
    form.set_read_only(False)
    form.show_user(ADA)
    assert geometry(form) == before
    assert button(form, "Remove Records").isEnabled()


def test_a_draft_waits_while_the_past_is_shown(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist")
    heard.drafts.clear()
    form.set_read_only(True)
    form.show_user(replace(ADA, version=3, values={**ADA.values, "title": "Intern", "phone": "1"}))
    assert (line(form, "Title").text(), line(form, "Phone").text()) == ("Intern", "1")
    assert not offers_saving(form)
    form.save()
    assert heard.saves == []
    assert form.draft() == Draft({"title": "Archivist"})
    form.set_read_only(False)
    form.show_user(ADA)
    assert (line(form, "Title").text(), line(form, "Phone").text()) == ("Archivist", "(202) 225-3772")
    assert offers_saving(form)
    assert shown_sentences(form) == []
    assert heard.drafts == []


def test_a_draft_waits_in_whatever_order_now_comes_back(form: DetailsForm, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist")
    form.set_read_only(True)
    form.show_user(replace(ADA, version=3, values={**ADA.values, "title": "Intern"}))
    form.show_user(ADA)
    assert line(form, "Title").text() == "Clerk"
    form.set_read_only(False)
    assert line(form, "Title").text() == "Archivist"
    assert offers_saving(form)


def test_a_draft_handed_back_in_the_past_is_there_now(form: DetailsForm, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist")
    form.set_read_only(True)
    form.show_user(replace(BEN, version=1, values={"first_name": "Benjamin"}), Draft({"title": "Analyst"}))
    assert line(form, "Title").text() == ""
    assert form.draft() == Draft({"title": "Analyst"})
    form.show_user(replace(BEN, version=1, values={"first_name": "Benjamin"}))
    form.set_read_only(False)
    form.show_user(BEN)
    assert (line(form, "First name").text(), line(form, "Title").text()) == ("Ben", "Analyst")
    assert form.draft() == Draft({"title": "Analyst"})
    assert shown_sentences(form) == []


def test_a_user_without_a_draft_met_in_the_past_has_none(form: DetailsForm, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Title"), "Archivist")
    form.set_read_only(True)
    form.show_user(replace(BEN, version=1))
    assert form.draft() is None
    form.set_read_only(False)
    form.show_user(BEN)
    assert form.draft() is None
    assert line(form, "Title").text() == ""


def test_a_new_user_begins_empty_at_the_first_name(panel: DetailsPanel, heard: Heard, qtbot: QtBot) -> None:
    form = panel.form
    panel.show_user(NEW)
    assert form.focusWidget() is line(form, "First name")
    assert [line(form, name).text() for name in FIXED_NAMES if name != "Notes"] == [""] * 6
    assert chips(form) == []
    assert not offers_saving(form)
    qtbot.keyClicks(line(form, "First name"), "Chi")
    assert heard.drafts == [Draft({"first_name": "C"}), Draft({"first_name": "Ch"}), Draft({"first_name": "Chi"})]
    form.save()
    assert heard.saves == [Draft({"first_name": "Chi"})]
    panel.show_user(UserForm("chi", 1, {"first_name": "Chi"}))
    assert form.draft() is None
    assert not offers_saving(form)


def test_groups_are_typed_completed_and_taken_away(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    adding = form.rows.groups.adding
    qtbot.keyClicks(adding, "systems,Front office, ")
    assert chips(form) == ["Records", "Badge holders", "Systems", "Front office"]
    qtbot.keyClicks(adding, "records")
    qtbot.keyClick(adding, Qt.Key.Key_Return)
    assert chips(form) == ["Records", "Badge holders", "Systems", "Front office"]
    assert heard.saves == []
    button(form, "Remove Records").click()
    assert heard.drafts[-1] == Draft(groups=("Badge holders", "Systems", "Front office"))
    qtbot.keyClick(adding, Qt.Key.Key_Backspace)
    qtbot.keyClick(adding, Qt.Key.Key_Backspace)
    assert chips(form) == ["Badge holders"]
    qtbot.keyClicks(adding, "Records,")
    assert heard.drafts[-1] is None


def test_a_group_still_being_typed_is_saved_too(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    qtbot.keyClicks(form.rows.groups.adding, "Press")
    assert offers_saving(form)
    form.save()
    assert heard.saves == [Draft(groups=("Records", "Badge holders", "Press"))]
    qtbot.keyClick(form.rows.groups.adding, Qt.Key.Key_Escape)
    assert heard.drafts[-1] is None


def test_leaving_the_field_makes_a_chip(form: DetailsForm, qtbot: QtBot) -> None:
    form.rows.groups.take_focus()
    qtbot.keyClicks(form.rows.groups.adding, "Press")
    qtbot.keyClick(form.rows.groups.adding, Qt.Key.Key_Tab)
    assert chips(form) == ["Records", "Badge holders", "Press"]
    assert form.rows.groups.adding.text() == ""


def test_many_groups_take_more_lines(form: DetailsForm, qtbot: QtBot) -> None:
    box = form.rows.groups.editor
    one_line = box.height()
    form.show_user(replace(ADA, groups=tuple(f"Group number {number}" for number in range(9))))
    qtbot.waitUntil(lambda: box.height() > 3 * one_line)
    edges = [chip.geometry() for chip in form.findChildren(Chip) if chip.isVisibleTo(form)]
    assert all(box.rect().contains(edge) for edge in edges)
    assert not any(a.intersects(b) for place, a in enumerate(edges) for b in edges[:place])


def test_custom_fields_come_and_go_and_keep_the_draft(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    type_over(qtbot, line(form, "Start date"), "2025")
    form.set_custom_fields([("Start date", "Start date"), ("R&D", "R&D")])
    assert line(form, "Start date").text() == "2025"
    type_over(qtbot, line(form, "R&D"), "yes")
    assert heard.drafts[-1] == Draft(attributes={"Start date": "2025", "R&D": "yes"})


def test_texts_come_back_to_the_letter(form: DetailsForm, heard: Heard, qtbot: QtBot) -> None:
    odd = {
        "first_name": "<b>\u202eAda\u202c</b> 🌱 é",
        "title": "a\u00a0b",
        "notes": "one\r\ntwo\rthree\u2028four\u00a0five",
    }
    form.show_user(UserForm("odd", 1, odd, attributes={"Start date": "x" * 10_000 + "\nsecond line"}))
    assert form.draft() is None
    type_over(qtbot, line(form, "Phone"), "1")
    assert heard.drafts == [Draft({"phone": "1"})]
    notes(form).setFocus()
    qtbot.keyClick(notes(form), Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(notes(form), "!")
    assert form.draft() == Draft({"phone": "1", "notes": "one\ntwo\nthree\nfour\u00a0five!"})


def test_a_password_is_asked_for_and_actions_are_offered(form: DetailsForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.passwordRequested, timeout=1000):
        button(form, "Set password…").click()
    assert not button(form, "More").isEnabled()
    suspend = QAction("Suspend", form)
    form.set_status_actions([suspend])
    more = form.rows.status.button
    assert button(form, "More") is more
    assert more.isEnabled()
    assert more.menu().actions() == [suspend]


def test_the_panel_names_the_user_and_counts_the_changes(panel: DetailsPanel) -> None:
    item = HistoryItem(1, "pencil", "Title changed", "", "Ines", "today")
    panel.set_history(range(1200), lambda step: replace(item, step=step))
    texts = [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]
    assert "Ada Osei" in texts
    assert "Clerk · Records" in texts
    (tabs,) = (
        child
        for child in panel.findChildren(QWidget)
        if QAccessible.queryAccessibleInterface(child).role() == QAccessible.Role.PageTabList
    )
    spoken = QAccessible.queryAccessibleInterface(tabs)
    pages = [spoken.child(place) for place in range(spoken.childCount())]
    names = [one.text(QAccessible.Text.Name) for one in pages if one.role() == QAccessible.Role.PageTab]
    assert names == ["Details", "History"]
    with_count = tabs.sizeHint().width()
    panel.set_history([], lambda _row: item)
    assert tabs.sizeHint().width() < with_count
    assert not panel.history.isVisibleTo(panel)
    panel.show_history()
    assert panel.history.isVisibleTo(panel)
    assert not panel.form.isVisibleTo(panel)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (NEW, "New user"),
        (UserForm("x", 1, {"email": "x@example.org"}), "x@example.org"),
        (UserForm("x", 1, external_id="X-1"), "X-1"),
        (UserForm("x", 1), "Unnamed user"),
    ],
)
def test_everybody_is_called_something(panel: DetailsPanel, form: UserForm, name: str) -> None:
    panel.show_user(form)
    assert name in [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]


def test_with_nobody_selected_the_panel_says_so(panel: DetailsPanel) -> None:
    panel.show_user(None)
    seen = [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]
    assert seen == ["Select a user to see their details"]
    panel.show_user(ADA)
    assert panel.form.isVisibleTo(panel)


def test_the_theme_may_change_after_chips_and_fields_have_gone(
    form: DetailsForm, qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    request.addfinalizer(lambda: theme.apply(application, "light"))
    theme.apply(application, "light")
    form.show_user(BEN)
    form.set_custom_fields([])
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    theme.apply(application, "dark")
    (label,) = (one for one in form.findChildren(QLabel) if one.text() == "Email")
    assert label.palette().windowText().color() == theme.DARK.muted
