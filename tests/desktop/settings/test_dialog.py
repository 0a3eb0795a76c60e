"""The settings in a window: each choice holds at once in all of it, and at the next start."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCalendarWidget,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import ADA, Desk, dialog, press
from tests.desktop.window.test_main_window import desk as opened_desk
from tests.desktop.window.test_main_window import directory as made_directory
from whowas.desktop.kit import dates, sizes, theme
from whowas.desktop.kit.dialogs.date_time_field import date_time_edit
from whowas.desktop.kit.menu_box import MenuBox
from whowas.desktop.kit.segments import Segments
from whowas.desktop.kit.theme import Scheme
from whowas.desktop.settings.dialog import SettingsDialog
from whowas.desktop.settings.in_force import apply_looks
from whowas.desktop.settings.preferences import DEFAULTS, Preferences
from whowas.desktop.settings.stored import UNREAD
from whowas.domain.commands import UpdateUser
from whowas.safekeeping import backup_places
from whowas.system.person import os_user

desk, directory = opened_desk, made_directory

NOON = int(datetime(2020, 3, 3, 12, 0, tzinfo=UTC).timestamp() * 1_000_000)


@pytest.fixture(autouse=True)
def same_looks(qapp: QApplication) -> None:
    apply_looks(qapp, DEFAULTS)


def shown(desk: Desk) -> SettingsDialog:
    desk.trigger("settings")
    desk.qtbot.waitUntil(lambda: bool(desk.window.findChildren(SettingsDialog)))
    found = dialog(SettingsDialog)
    assert isinstance(found, SettingsDialog)
    return found


def segment(settings: SettingsDialog, name: str, key: str) -> QAbstractButton:
    (segments,) = [one for one in settings.findChildren(Segments) if one.accessibleName() == name]
    return segments.button(key)


def choose(settings: SettingsDialog, name: str, text: str) -> None:
    (box,) = [one for one in settings.findChildren(MenuBox) if one.accessibleName() == name]
    menu = QMenu()
    box._fill(menu)
    (entry,) = [action for action in menu.actions() if action.text() == text]
    entry.trigger()
    assert box.shown == text


def name_field(settings: SettingsDialog) -> QLineEdit:
    (line,) = [one for one in settings.findChildren(QLineEdit) if one.accessibleName() == "Your name"]
    return line


def save_title(desk: Desk, title: str) -> None:
    assert desk.window.session is not None
    desk.window.session.writer.change(
        lambda change: change.dispatch(UpdateUser(ADA, {"title": title})), done=lambda _done: None, failed=_fail
    )
    desk.runner.drain()


def _fail(error: Exception) -> None:
    raise AssertionError(str(error)) from error


def actors(desk: Desk) -> list[str]:
    assert desk.window.session is not None
    return [event.actor for event in desk.window.session.log.read()]


def test_ctrl_comma_opens_it_with_a_name_for_every_control(desk: Desk) -> None:
    assert desk.window.actions_.settings.shortcut().toString() == "Ctrl+,"
    assert desk.window.actions_.settings in desk.window.menuBar().actions()[1].menu().actions()
    settings = shown(desk)
    said = [one.text() for one in settings.findChildren(QLabel)]
    for kind in (Segments, MenuBox, QLineEdit):
        for control in settings.findChildren(kind):
            assert control.accessibleName() in said
    for control in settings.findChildren(QAbstractButton):
        assert control.accessibleName() or control.text()
    settings.reject()


def test_the_tab_key_comes_to_everything(desk: Desk) -> None:
    settings = shown(desk)
    name_field(settings).setFocus()
    stops: list[str] = []
    for _ in range(20):
        focused = settings.focusWidget()
        assert focused is not None
        if stops and focused is name_field(settings):
            break
        stops.append(focused.accessibleName() or getattr(focused, "text", str)())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert stops == [
        *("Your name", "System", "Comfortable", "100 %", "Date style", "Week begins on"),
        *("By date", "Speed by date", "Speed by change", "Make backups", "Change…", "Defaults", "Close"),
    ]
    settings.reject()


def test_the_theme_holds_at_once_and_is_kept(desk: Desk, tmp_path: Path) -> None:
    settings = shown(desk)
    segment(settings, "Theme", "dark").click()
    assert theme.current().dark
    segment(settings, "Theme", "light").click()
    assert not theme.current().dark
    assert "theme=light" in (tmp_path / "config" / "whowas.ini").read_text()
    settings.reject()


def test_compact_rows_are_lower_everywhere_at_once(desk: Desk) -> None:
    table, form = desk.page.table, desk.page.details.form if hasattr(desk.page.details, "form") else None
    assert table.rowHeight(0) == 36
    settings = shown(desk)
    segment(settings, "Density", "compact").click()
    assert (table.rowHeight(0), table.verticalScrollBar().singleStep()) == (28, 28)
    assert table.indexAt(QPoint(5, 30)).row() == 1
    segment(settings, "Density", "comfortable").click()
    assert table.rowHeight(0) == 36
    assert table.indexAt(QPoint(5, 30)).row() == 0
    assert form is None or form.height() > 0
    settings.reject()


def test_larger_text_grows_in_all_that_is_open(desk: Desk, qapp: QApplication) -> None:
    desk.select("Ada")
    label = desk.page.panel.findChildren(QLabel)[0]
    small = label.font().pixelSize()
    line = next(one for one in desk.page.panel.findChildren(QLineEdit) if one.accessibleName() == "Email")
    assert line.height() == 30
    settings = shown(desk)
    segment(settings, "Text size", "150").click()
    assert qapp.font().pixelSize() == sizes.scaled(13) == 20
    assert label.font().pixelSize() == (small * 150 + 50) // 100
    assert desk.page.table.rowHeight(0) == 54
    desk.qtbot.waitUntil(lambda: line.height() == 45)
    desk.qtbot.waitUntil(lambda: not [one for one in settings.findChildren(QPushButton) if _is_cut(one)])
    segment(settings, "Text size", "100").click()
    assert (qapp.font().pixelSize(), label.font().pixelSize(), desk.page.table.rowHeight(0)) == (13, small, 36)
    settings.reject()


def test_the_row_at_the_top_stays_there(desk: Desk) -> None:
    table = desk.page.table
    table.setFixedHeight(32 + 36)
    desk.qtbot.waitUntil(lambda: table.verticalScrollBar().maximum() > 0)
    table.verticalScrollBar().setValue(36)
    settings = shown(desk)
    segment(settings, "Density", "compact").click()
    assert table.rowAt(0) == 1
    settings.reject()


@pytest.mark.parametrize(
    ("style", "long", "short"),
    [
        ("words", "Tue 3 March 2020, ", "3 Mar 2020"),
        ("american", "Tue March 3, 2020, ", "Mar 3, 2020"),
        ("iso", "Tue 2020-03-03, ", "2020-03-03"),
    ],
)
def test_dates_are_written_in_the_style_chosen(desk: Desk, style: dates.DateStyle, long: str, short: str) -> None:
    settings = shown(desk)
    today = dates.local(dates.microseconds_now()).date()
    choose(settings, "Date style", dates.day_in(style, today.replace(month=11, day=30)))
    assert dates.long(NOON).startswith(long)
    assert (dates.day(NOON), dates.relative(NOON, dates.microseconds_now())) == (short, short)
    assert dates.timed(NOON, NOON).startswith("today ")
    edit = date_time_edit()
    desk.qtbot.addWidget(edit)
    edit.setDateTime(edit.dateTime().fromMSecsSinceEpoch(NOON // 1000))
    assert edit.text().startswith(short)
    assert desk.settings.preferences.dates == style
    settings.reject()


def test_what_is_shown_already_is_dated_anew(desk: Desk) -> None:
    save_title(desk, "Clerk")
    desk.page.timeline.to_previous()
    year = dates.local(dates.microseconds_now()).year
    said = [label for label in desk.page.findChildren(QLabel) if str(year) in label.text() and label.isVisible()]
    assert said
    before = {label: label.text() for label in said}
    settings = shown(desk)
    choose(settings, "Date style", f"{year}-11-30")
    assert any(label.text() != text and f"{year}-" in label.text() for label, text in before.items())
    settings.reject()


def test_the_systems_short_date_has_the_whole_year(monkeypatch: pytest.MonkeyPatch) -> None:
    german = QLocale(QLocale.Language.German, QLocale.Country.Germany)
    monkeypatch.setattr(QLocale, "system", staticmethod(lambda: german))
    dates.choose("system", "system")
    assert dates.day(NOON) == "03.03.2020"
    assert dates.long(NOON).startswith("Tue 03.03.2020, ")


@pytest.mark.parametrize(("text", "day"), [("Monday", 1), ("Sunday", 7), ("Saturday", 6)])
def test_weeks_begin_with_the_day_chosen(desk: Desk, text: str, day: int) -> None:
    settings = shown(desk)
    choose(settings, "Week begins on", text)
    edit = date_time_edit()
    desk.qtbot.addWidget(edit)
    calendar = edit.calendarWidget()
    assert isinstance(calendar, QCalendarWidget)
    assert calendar.firstDayOfWeek().value == day
    settings.reject()


def test_playing_begins_as_chosen_now_and_next_time(desk: Desk, directory: Path) -> None:
    timeline = desk.page.timeline
    settings = shown(desk)
    choose(settings, "Speed by change", "25 changes / s")
    choose(settings, "Speed by date", "1 week / s")
    assert timeline.playback.speed.text == "1 week / s"
    segment(settings, "Steps", "yes").click()
    assert timeline.slider.by_change
    assert timeline.playback.speed.text == timeline.controls.speed.text() == "25 changes / s"
    settings.reject()
    timeline.controls.speed.menu().actions()[0].trigger()
    assert timeline.playback.speed.text == "1 change / s"
    desk.open(directory)
    assert desk.page.timeline.playback.speed.text == "25 changes / s"
    assert desk.page.timeline.slider.by_change


def test_changes_from_then_on_are_made_by_the_name_chosen(desk: Desk) -> None:
    save_title(desk, "Clerk")
    settings = shown(desk)
    line = name_field(settings)
    assert line.text() == os_user()
    line.setText("  Ines Duarte ")
    QTest.keyClick(line, Qt.Key.Key_Return)
    settings.reject()
    assert desk.settings.preferences.actor == "Ines Duarte"
    save_title(desk, "Boss")
    assert actors(desk)[-2:] == ["ines", "Ines Duarte"]
    desk.trigger("undo")
    desk.trigger("undo")
    assert desk.shown(ADA).title is None, "what was done under the name before can be undone as well"
    assert actors(desk)[-1] == "Ines Duarte"


def test_a_name_holds_in_what_is_opened_later(desk: Desk, directory: Path) -> None:
    settings = shown(desk)
    name_field(settings).setText("Ines Duarte")
    settings.accept()
    desk.open(directory)
    save_title(desk, "Boss")
    assert actors(desk)[-1] == "Ines Duarte"


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x07b", "a\u202eb"])
def test_a_name_that_cannot_be_one_is_refused_beside_the_field(desk: Desk, name: str) -> None:
    settings = shown(desk)
    line = name_field(settings)
    line.setText(name)
    assert line.accessibleDescription()
    assert line.accessibleDescription() in [
        label.text() for label in settings.findChildren(QLabel) if label.isVisible()
    ]
    press(settings, "Close")
    assert settings.isVisible(), "it is to be seen before that"
    assert settings.focusWidget() is line
    line.setText("Ines")
    assert line.accessibleDescription() == ""
    line.setText(name)
    settings.reject()
    assert desk.settings.preferences.actor == ""
    save_title(desk, "Clerk")
    assert actors(desk)[-1] == "ines"


def test_the_account_of_a_shared_directory_cannot_be_chosen(qtbot: QtBot) -> None:
    settings = SettingsDialog(DEFAULTS, "login", "ada")
    qtbot.addWidget(settings)
    assert not [line for line in settings.findChildren(QLineEdit) if line.isVisibleTo(settings)]
    (plain,) = [label for label in settings.findChildren(QLabel) if label.accessibleName() == "Your name"]
    assert plain.text() == "ada"
    assert any("the account that you are signed in with" in label.text() for label in settings.findChildren(QLabel))


def test_backups_are_switched_off_and_on_at_once(desk: Desk) -> None:
    settings = shown(desk)
    (switch,) = [one for one in settings.findChildren(QAbstractButton) if one.text() == "Make backups"]
    switch.click()
    assert not backup_places.settings().makes
    press(settings, "Defaults")
    assert backup_places.settings().makes
    assert switch.isChecked()
    settings.reject()


def test_defaults_put_everything_back(desk: Desk) -> None:
    chosen = Preferences("Ines", "dark", "compact", 125, "sunday", "iso", True, "year", "1")
    settings = shown(desk)
    settings._take(chosen)
    assert desk.settings.preferences == chosen
    press(settings, "Defaults")
    assert desk.settings.preferences == DEFAULTS
    assert name_field(settings).text() == os_user()
    assert segment(settings, "Text size", "100").isChecked()
    assert (desk.page.table.rowHeight(0), desk.page.timeline.slider.by_change) == (36, False)
    settings.reject()


def test_what_cannot_be_kept_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = shown(desk)
    monkeypatch.setattr(desk.settings, "set_preferences", lambda _chosen: "This holds until Whowas is closed.")
    segment(settings, "Density", "compact").click()
    assert "This holds until Whowas is closed." in [one.text() for one in settings.findChildren(QLabel)]
    settings.reject()


def test_defaults_that_cannot_be_kept_are_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_chosen: object) -> None:
        raise OSError(28, "No space left on device")

    settings = shown(desk)
    monkeypatch.setattr(backup_places, "set_settings", fail)
    press(settings, "Defaults")
    backups = "This cannot be remembered: No space left on device."
    assert settings._said.text() == backups
    monkeypatch.setattr(desk.settings, "set_preferences", lambda _chosen: "This holds until Whowas is closed.")
    press(settings, "Defaults")
    assert settings._said.text() == f"This holds until Whowas is closed. {backups}"
    monkeypatch.undo()
    press(settings, "Defaults")
    assert settings._said.isHidden()
    settings.reject()


def test_the_dialog_goes_when_it_is_closed(desk: Desk) -> None:
    for _ in range(2):
        shown(desk).reject()
        desk.qtbot.waitUntil(lambda: not desk.window.findChildren(SettingsDialog))


def test_dates_are_drawn_anew_with_a_theme_that_is_the_desktops_own(qapp: QApplication, qtbot: QtBot) -> None:
    same: Scheme = "dark" if theme.current().dark else "light"
    apply_looks(qapp, DEFAULTS._replace(theme=same), DEFAULTS)
    for one in (DEFAULTS._replace(theme=same, dates="iso"), DEFAULTS._replace(dates="iso", text_size=125)):
        before = DEFAULTS
        with qtbot.waitSignal(theme.signals.changed, timeout=0) as told:
            apply_looks(qapp, one, before)
        assert told.signal_triggered
        apply_looks(qapp, DEFAULTS, one)


def test_a_broken_file_is_said_in_the_window_once(qtbot: QtBot, tmp_path: Path, directory: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "whowas.ini").write_text("[preferences]\ntheme=pink\n")
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    assert desk.window.messages.message() == UNREAD
    desk.window.put_away()
    desk.runner.drain()


@pytest.fixture
def large(desk: Desk, qapp: QApplication) -> Desk:
    apply_looks(qapp, DEFAULTS._replace(text_size=150), DEFAULTS)
    desk.window.resize(1024, 640)
    desk.select("Ada")
    desk.qtbot.wait(50)
    return desk


def test_nothing_is_cut_at_the_largest_text_in_a_small_window(large: Desk) -> None:
    assert (large.window.width(), large.window.height()) == (1024, 640)
    cut = [
        f"{type(one).__name__} {one.text()}"
        for one in large.window.findChildren(QAbstractButton)
        if one.isVisible() and one.text() and isinstance(one, QPushButton) and _is_cut(one)
    ]
    assert cut == []
    moment = large.page.timeline.controls.label
    assert moment.fontMetrics().horizontalAdvance(moment.text()) <= moment.width(), moment.text()


def _is_cut(button: QWidget) -> bool:
    hint = button.minimumSizeHint()
    return button.height() < hint.height() - 1 or button.width() < hint.width() - 1
