"""The bars across the window."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from whowas.desktop import theme
from whowas.desktop.banner import HEIGHT, MessageBar, PastBanner
from whowas.projections.compared import DifferenceCounts


def texts(bar: PastBanner | MessageBar) -> list[str]:
    return [label.text() for label in bar.findChildren(QLabel) if label.text()]


def buttons(bar: PastBanner | MessageBar) -> dict[str, QAbstractButton]:
    found = [button for button in bar.findChildren(QAbstractButton) if not button.isHidden()]
    return {QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name): one for one in found}


def test_the_past_says_when_and_leads_back(qtbot: QtBot) -> None:
    bar = PastBanner()
    qtbot.addWidget(bar)
    bar.show_moment("Tue 3 March 2020, 14:05", "7,330 later changes hidden · read-only")
    bar.resize(900, bar.sizeHint().height())
    bar.show()
    assert texts(bar) == ["Tue 3 March 2020, 14:05", "7,330 later changes hidden · read-only"]
    assert bar.height() == HEIGHT
    assert bar.grab().toImage().pixelColor(600, 5) == theme.current().past_soft
    assert list(buttons(bar)) == ["As we knew it", "Compare…", "Restore…", "Return to now"]
    with qtbot.waitSignal(bar.compare, timeout=1000):
        buttons(bar)["Compare…"].click()
    with qtbot.waitSignal(bar.returnToNow, timeout=1000):
        buttons(bar)["Return to now"].click()


def test_a_comparison_counts_what_became_of_users_and_now_leads_nowhere(qtbot: QtBot) -> None:
    bar = PastBanner()
    qtbot.addWidget(bar)
    bar.resize(1200, bar.sizeHint().height())
    bar.show_moment("Now", "compared with Tue 3 March 2020, 14:05")
    bar.show_differences(DifferenceCounts(added=1_204, changed=3, removed=0))
    bar.set_past(False, knowing=False)
    bar.show()
    assert [text for text in texts(bar) if text[0].isdigit()] == ["1,204 added", "3 changed", "0 removed since"]
    assert list(buttons(bar)) == ["Compare…"]
    bar.show_differences(None)
    assert not any(label.isVisible() for label in bar.findChildren(QLabel) if "added" in label.text())


def test_a_message_is_shown_until_closed(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    assert bar.message() == ""
    bar.show_error("The disk is full. Nothing was saved.")
    assert not bar.isHidden()
    assert bar.message() == "The disk is full. Nothing was saved."
    spoken = QAccessible.queryAccessibleInterface(bar)
    assert spoken.text(QAccessible.Text.Name) == "Error"
    assert spoken.text(QAccessible.Text.Description) == "The disk is full. Nothing was saved."
    assert list(buttons(bar)) == ["Close message"]
    with qtbot.waitSignal(bar.closed, timeout=1000):
        buttons(bar)["Close message"].click()
    assert bar.isHidden()
    assert bar.message() == ""


def test_a_notice_takes_the_place_of_an_error(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_error("The file is locked.", "Try again")
    with qtbot.waitSignal(bar.actionRequested, timeout=1000):
        buttons(bar)["Try again"].click()
    bar.show_notice("Imported <b>3</b> people")
    assert texts(bar) == ["Imported <b>3</b> people"]
    assert list(buttons(bar)) == ["Close message"]
    assert QAccessible.queryAccessibleInterface(bar).text(QAccessible.Text.Name) == "Notice"
    bar.clear()
    assert bar.isHidden()


def test_a_long_message_gets_the_lines_it_needs(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_error("word " * 120)
    bar.resize(500, 10)
    assert bar.heightForWidth(500) > 2 * HEIGHT
    assert bar.layout().heightForWidth(2000) < bar.layout().heightForWidth(500)
