"""The dialog that checks the history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.altered_files import alter
from tests.desktop.window.test_main_window import Desk, directory
from whowas.desktop.chrome.standing import READ_ONLY
from whowas.desktop.keeping.noted_head_dialog import NotedHeadDialog
from whowas.desktop.keeping.verify_dialog import VerifyDialog
from whowas.desktop.kit import theme
from whowas.desktop.kit.tinted_box import TintedBox
from whowas.domain.errors import StoreError
from whowas.store.chain import GENESIS, Head
from whowas.store.event_log import EventLog
from whowas.system import folders

__all__ = ["directory"]

SOUND = "Everything up to here is sound; what comes after it is not to be relied on."


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, directory: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    yield desk
    desk.window.put_away()
    desk.runner.drain()


def shown(kind: type[QDialog] = VerifyDialog) -> QDialog:
    (found,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
    return found


def verified(desk: Desk) -> QDialog:
    desk.trigger("verify")
    return shown()


def button(dialog: QWidget, text: str) -> QPushButton:
    (found,) = [one for one in dialog.findChildren(QPushButton) if one.text() == text]
    return found


def box(dialog: QWidget) -> tuple[str, str]:
    """What the coloured box says to a screen reader."""
    (found,) = dialog.findChildren(TintedBox)
    spoken = QAccessible.queryAccessibleInterface(found)
    return spoken.text(QAccessible.Text.Name), spoken.text(QAccessible.Text.Description)


def texts(dialog: QWidget) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.text() and label.isVisible()]


def head_of(file: Path) -> Head:
    with closing(EventLog.open(file)) as log:
        return log.head()


def chain_at(file: Path, position: int) -> bytes:
    with closing(EventLog.open(file)) as log:
        return log.chains_at([position])[position]


def test_a_whole_history_is_verified_with_its_dates_and_its_head(desk: Desk, directory: Path) -> None:
    dialog = verified(desk)
    title, detail = box(dialog)
    assert title.startswith("Verified: 5 changes, of ")
    assert detail.startswith("Each follows from the one before; none was altered or taken out.")
    assert "Looked at:" in detail
    head = head_of(directory)
    (field,) = dialog.findChildren(QLineEdit)
    value = head.chain.hex()
    assert (field.accessibleName(), field.text()) == ("Head", f"5 events · {value[:4]}…{value[-4:]}")
    button(dialog, "Copy").click()
    assert QGuiApplication.clipboard().text() == str(head)
    assert "This computer has not seen this history before." in texts(dialog)
    button(dialog, "Close").click()
    assert desk.window.messages.message() == ""


def test_it_says_when_this_computer_saw_the_history_last(desk: Desk, directory: Path) -> None:
    desk.window.close_directory()
    desk.runner.drain()
    desk.open(directory)
    assert "Last seen on this computer: today, event 5 – still part of it" in texts(verified(desk))


def test_while_it_runs_it_shows_how_far_it_is_and_can_be_cancelled(desk: Desk) -> None:
    desk.window.actions_.verify.trigger()
    dialog = shown()
    (progress,) = dialog.findChildren(QProgressBar)
    assert progress.isVisible()
    assert box(dialog) == ("Verifying…", "")
    for name in ("Copy", "Compare with a noted head…", "Save report…"):
        assert not button(dialog, name).isEnabled()
    assert isinstance(dialog, VerifyDialog)
    dialog.show_progress(1, 4)
    assert progress.value() * 4 == progress.maximum()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not [one for one in QApplication.topLevelWidgets() if isinstance(one, VerifyDialog) and one.isVisible()]
    desk.runner.drain()
    assert desk.window.messages.message() == ""


def test_asked_twice_it_is_one_dialog(desk: Desk) -> None:
    desk.window.actions_.verify.trigger()
    desk.window.actions_.verify.trigger()
    shown()
    desk.runner.drain()


def test_damage_is_told_in_the_dialog_and_the_directory_is_read_only(desk: Desk, directory: Path) -> None:
    alter(directory, "UPDATE event SET actor = 'mallory' WHERE position = 4")
    dialog = verified(desk)
    title, detail = box(dialog)
    assert title == "The history is not as it was written."
    assert detail.startswith("Change 4 was altered after it was saved; the 3 before it are sound. Opened read-only.")
    (field,) = dialog.findChildren(QLineEdit)
    assert field.text().startswith("3 events · ")
    button(dialog, "Copy").click()
    assert QGuiApplication.clipboard().text() == str(Head(3, chain_at(directory, 3)))
    assert SOUND in texts(dialog)
    (found,) = dialog.findChildren(TintedBox)
    assert found.grab().toImage().pixelColor(found.width() // 2, 4) == theme.current().removed
    button(dialog, "Close").click()
    desk.runner.drain()
    assert [one.about for one in desk.window.messages.standing.conditions] == [READ_ONLY]


def test_where_nothing_is_sound_there_is_no_head(
    desk: Desk, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alter(directory, "UPDATE event SET actor = 'mallory' WHERE position = 1")
    dialog = verified(desk)
    (field,) = dialog.findChildren(QLineEdit)
    assert (field.text(), button(dialog, "Copy").isEnabled()) == ("There is none to rely on", False)
    assert not [text for text in texts(dialog) if text == SOUND or text.startswith("Keep it somewhere else")]
    target = tmp_path / "report.txt"
    monkeypatch.setattr("whowas.desktop.keeping.verify_commands.ask_where_to_save", lambda *_, **__: target)
    button(dialog, "Save report…").click()
    desk.runner.drain()
    assert "Head: there is none to rely on" in target.read_text(encoding="utf-8")
    button(dialog, "Close").click()


def test_of_a_damaged_history_the_head_is_that_of_its_sound_part(desk: Desk, directory: Path) -> None:
    desk.window.close_directory()
    desk.runner.drain()
    noted = head_of(directory)
    alter(directory, "UPDATE payload SET body = x'7b' WHERE position = 4")
    desk.open(directory)
    dialog = verified(desk)
    (field,) = dialog.findChildren(QLineEdit)
    assert field.text().startswith("3 events · ")
    assert SOUND in texts(dialog)
    assert "Last seen on this computer: today, event 5" in texts(dialog), "no word of being part of it"
    button(dialog, "Compare with a noted head…").click()
    compared = shown(NotedHeadDialog)
    (noting,) = compared.findChildren(QLineEdit)
    noting.setText(str(noted))
    assert box(compared) == ("Not part of this history", "What can be read of this history ends at event 3, before it.")
    noting.setText(str(Head(3, chain_at(directory, 3))))
    assert box(compared)[0] == "Part of this history"


def test_a_disk_that_fails_is_told_in_the_dialog(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise StoreError("The disk failed.")

    with monkeypatch.context() as disk:
        disk.setattr(EventLog, "verify", failing)
        dialog = verified(desk)
    assert box(dialog)[0] == "The history could not be checked."
    assert not [text for text in texts(dialog) if text.startswith("Keep it somewhere else")]
    assert box(dialog)[1].startswith("The disk failed.")
    assert not button(dialog, "Copy").isEnabled()


def test_a_noted_head_is_found_or_not(desk: Desk, directory: Path) -> None:
    head = head_of(directory)
    earlier = Head(3, chain_at(directory, 3))
    button(verified(desk), "Compare with a noted head…").click()
    dialog = shown(NotedHeadDialog)
    (field,) = dialog.findChildren(QLineEdit)
    assert field.accessibleName() == "Noted head"
    for text, title, sentence in (
        (str(head), "Part of this history", "Event 5 is in it as it was noted. It was recorded on "),
        (f"  {earlier}\n", "Part of this history", "Event 3 is in it as it was noted. It was recorded on "),
        (str(Head(0, GENESIS)), "Part of this history", "It is part of every history"),
        (
            str(Head(3, GENESIS)),
            "Not part of this history",
            "In this history event 3 is another.",
        ),
        (str(Head(6, GENESIS)), "Not part of this history", "This history ends at event 5, before it: it was cut"),
        (f"{2**80}:{'00' * 32}", "Not part of this history", "This history ends at event 5, before it: it was cut"),
        ("5:4f9c", "This is no head", "A head looks like"),
        ("nonsense", "This is no head", "A head looks like"),
        ("", "Nothing to compare with yet", "A head looks like"),
    ):
        field.setText(text)
        said = box(dialog)
        assert said[0] == title, text
        assert said[1].startswith(sentence), text
    button(dialog, "Close").click()
    assert shown().isVisible()


def test_a_report_holds_all_that_was_found(
    desk: Desk, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.txt"
    monkeypatch.setattr("whowas.desktop.keeping.verify_commands.ask_where_to_save", lambda *_, **__: target)
    dialog = verified(desk)
    button(dialog, "Save report…").click()
    desk.runner.drain()
    report = target.read_text(encoding="utf-8")
    assert f"File: {directory}" in report
    assert f"Head: {head_of(directory)}" in report
    assert "Verified: 5 changes" in report
    assert "Looked at:" in report
    assert f"The report was saved as {target}." in texts(dialog)
    monkeypatch.setattr("whowas.desktop.keeping.verify_commands.ask_where_to_save", lambda *_, **__: directory)
    button(dialog, "Save report…").click()
    desk.runner.drain()
    assert "“staff.whowas” is itself what is read here; choose another file." in texts(dialog)


def test_a_head_that_cannot_be_kept_is_said(desk: Desk) -> None:
    folders.seen_heads().parent.mkdir(parents=True, exist_ok=True)
    folders.seen_heads().write_text("a file where the folder should be")
    session = desk.window.session
    assert session is not None
    session.seen.note()
    assert [text for text in texts(verified(desk)) if text.startswith("This computer cannot keep the head: ")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_control_has_its_name_and_fits(desk: Desk, qapp: QApplication, scheme: theme.Scheme) -> None:
    theme.apply(qapp, scheme)
    try:
        dialog = verified(desk)
        assert dialog.width() == 520
        assert 380 <= dialog.height() < 560, "as drawn, or higher where the font is, but not than a small screen"
        for widget in dialog.findChildren(QPushButton):
            spoken = QAccessible.queryAccessibleInterface(widget)
            assert spoken.text(QAccessible.Text.Name) == widget.text()
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            assert widget.width() >= widget.sizeHint().width()
    finally:
        theme.apply(qapp)
