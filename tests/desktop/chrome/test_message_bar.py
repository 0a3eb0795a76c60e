"""The bars across the window."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from whowas.desktop.chrome.message_bar import HEIGHT, MessageBar, MessageBars
from whowas.desktop.chrome.standing import Condition, Severity
from whowas.desktop.kit import theme
from whowas.desktop.page.past_banner import PastBanner
from whowas.projections.queries.comparison import DifferenceCounts


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


def bars_in(bars: MessageBars) -> list[MessageBar]:
    return [bar for bar in bars.findChildren(MessageBar) if not bar.isHidden()]


FULL = Condition("saving", Severity.RED, "The disk is full. Nothing was saved.", passing=True)
GONE = Condition("file", Severity.RED, "staff.whowas is no longer in its folder.", ("Save a copy…",), closable=False)
NETWORK = Condition("folder", Severity.CALM, "This folder is on a <b>network</b>.")


def test_each_condition_has_a_bar_that_can_be_closed(qtbot: QtBot) -> None:
    bars = MessageBars()
    qtbot.addWidget(bars)
    assert bars.isHidden()
    bars.show_conditions([FULL])
    (bar,) = bars_in(bars)
    assert texts(bar) == ["The disk is full. Nothing was saved."]
    spoken = QAccessible.queryAccessibleInterface(bar)
    assert spoken.text(QAccessible.Text.Name) == "Error"
    assert spoken.text(QAccessible.Text.Description) == "The disk is full. Nothing was saved."
    assert list(buttons(bar)) == ["Close message"]
    with qtbot.waitSignal(bars.closed, timeout=1000) as closed:
        buttons(bar)["Close message"].click()
    assert closed.args == [FULL]


def test_several_stand_below_each_other_in_their_order_and_their_colours(qtbot: QtBot) -> None:
    bars = MessageBars()
    qtbot.addWidget(bars)
    bars.show_conditions([NETWORK])
    bars.show_conditions([GONE, NETWORK])
    bars.resize(900, bars.sizeHint().height())
    bars.show()
    shown = sorted(bars_in(bars), key=lambda bar: bar.y())
    assert [texts(bar) for bar in shown] == [[GONE.sentence], [NETWORK.sentence]]
    assert [QAccessible.queryAccessibleInterface(bar).text(QAccessible.Text.Name) for bar in shown] == [
        "Error",
        "Notice",
    ]
    assert [list(buttons(bar)) for bar in shown] == [["Save a copy…"], ["Close message"]]
    colours = [bar.grab().toImage().pixelColor(450, 3) for bar in shown]
    assert colours == [theme.current().removed, theme.current().accent_soft]
    with qtbot.waitSignal(bars.acted, timeout=1000) as acted:
        buttons(shown[0])["Save a copy…"].click()
    assert acted.args == [GONE, "Save a copy…"]
    bars.show_conditions([])
    assert bars.isHidden()


def test_a_heading_stands_in_bold_before_the_sentence_and_each_action_has_a_button(qtbot: QtBot) -> None:
    actions = ("Show it", "Save what can be read…")
    damaged = Condition("history", Severity.RED, "Change 3 was altered.", actions, heading="It is not as written.")
    bars = MessageBars()
    qtbot.addWidget(bars)
    bars.show_conditions([damaged])
    (bar,) = bars_in(bars)
    assert texts(bar) == ["It is not as written.", "Change 3 was altered."]
    heading, sentence = (label for label in bar.findChildren(QLabel) if label.text())
    assert heading.font().weight() > sentence.font().weight()
    assert heading.palette().windowText().color() == theme.current().colour("error")
    said = QAccessible.queryAccessibleInterface(bar).text(QAccessible.Text.Description)
    assert said == "It is not as written. Change 3 was altered."
    assert list(buttons(bar)) == [*actions, "Close message"]
    for action in actions:
        with qtbot.waitSignal(bars.acted, timeout=1000) as acted:
            buttons(bar)[action].click()
        assert acted.args == [damaged, action]


def test_what_stands_already_is_not_told_again(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("whowas.desktop.chrome.message_bar.announce", lambda _bar, sentence, **_: told.append(sentence))
    bars = MessageBars()
    qtbot.addWidget(bars)
    for conditions in ([NETWORK], [NETWORK], [GONE, NETWORK], [GONE], [GONE, NETWORK]):
        bars.show_conditions(conditions)
    assert told == [NETWORK.sentence, GONE.sentence, NETWORK.sentence]


def test_a_long_message_gets_the_lines_it_needs(qtbot: QtBot) -> None:
    bar = MessageBar(Condition("saving", Severity.RED, "word " * 120))
    qtbot.addWidget(bar)
    bar.resize(500, 10)
    assert bar.heightForWidth(500) > 2 * HEIGHT
    assert bar.layout().heightForWidth(2000) < bar.layout().heightForWidth(500)


@pytest.mark.parametrize(("width", "above"), [(1400, False), (500, True)])
def test_a_heading_stands_above_a_sentence_that_has_no_room_beside_it(qtbot: QtBot, width: int, above: bool) -> None:
    sentence = "Nothing can be saved. Ask whoever keeps the server whether a backup was put back there."
    bar = MessageBar(Condition("server", Severity.RED, sentence, heading="The history is another one."))
    qtbot.addWidget(bar)
    bar.resize(width, 60)
    bar.show()
    heading, told = (label for label in bar.findChildren(QLabel) if label.text())
    qtbot.waitUntil(lambda: (told.y() > heading.geometry().bottom()) is above)
    assert (told.x() > heading.geometry().right()) is not above
