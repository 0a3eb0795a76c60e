"""The toast stands above the lower part of a page, goes by itself, and stays while somebody is at it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from whowas.desktop.kit import toast as toasts
from whowas.desktop.kit.labels import ElidedLabel
from whowas.desktop.kit.toast import Toast

SENTENCE = "Imported 19 users from google-users.csv"


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    """A page with a lower part, 200 pixels high."""
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.lower_part = QWidget(page)  # type: ignore[attr-defined]
    page.lower_part.setGeometry(0, 400, 900, 200)  # type: ignore[attr-defined]
    page.show()
    return page


@pytest.fixture
def done() -> list[str]:
    return []


def shown(page: QWidget, done: list[str], sentence: str = SENTENCE) -> Toast:
    return Toast(page, page.lower_part, sentence, "Undo", lambda: done.append(sentence))  # type: ignore[attr-defined]


def link(toast: Toast) -> QPushButton:
    (button,) = toast.findChildren(QPushButton)
    return button


def test_it_is_centred_above_the_lower_part(page: QWidget, done: list[str]) -> None:
    toast = shown(page, done)
    assert (toast.height(), toast.geometry().bottom() + 1) == (40, 384)
    assert abs(toast.geometry().center().x() - page.rect().center().x()) <= 1


def test_it_follows_the_page(page: QWidget, done: list[str]) -> None:
    toast = shown(page, done)
    page.resize(500, 600)
    page.lower_part.setGeometry(QRect(0, 300, 500, 300))  # type: ignore[attr-defined]
    assert toast.geometry().bottom() + 1 == 284
    assert abs(toast.geometry().center().x() - page.rect().center().x()) <= 1


def test_it_is_no_wider_than_the_page(page: QWidget, done: list[str]) -> None:
    toast = shown(page, done, "long " * 100)
    assert toast.width() == 900 - 32


def test_the_link_does_something_once_and_closes_it(page: QWidget, done: list[str]) -> None:
    toast = shown(page, done)
    link(toast).click()
    assert done == [SENTENCE]
    assert not toast.isVisible()


def test_it_goes_by_itself(qtbot: QtBot, page: QWidget, done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toasts, "STAYS_MS", 20)
    shown(page, done)
    qtbot.waitUntil(lambda: not page.findChildren(Toast))
    assert done == []


def test_it_stays_while_it_is_pointed_at(page: QWidget, done: list[str]) -> None:
    toast = shown(page, done)
    assert toast._over.isActive()
    QApplication.sendEvent(toast, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert not toast._over.isActive()
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert toast._over.isActive()


def test_it_stays_while_the_keyboard_is_in_it(qtbot: QtBot, page: QWidget, done: list[str]) -> None:
    field = QPushButton("Elsewhere", page)
    field.show()
    toast = shown(page, done)
    with qtbot.waitActive(page):
        page.activateWindow()
    link(toast).setFocus()
    assert not toast._over.isActive()
    field.setFocus()
    assert toast._over.isActive()
    link(toast).setFocus()
    qtbot.keyClick(link(toast), Qt.Key.Key_Escape)
    assert not toast.isVisible()
    assert done == []


def test_there_is_one_at_a_time(page: QWidget, done: list[str]) -> None:
    first = shown(page, done)
    second = shown(page, done, "Another one.")
    assert (first.isVisible(), second.isVisible()) == (False, True)
    assert second.accessibleName() == "Another one."


def test_it_is_announced(page: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(toasts, "announce", lambda _widget, sentence: told.append(sentence))
    Toast(page, page.lower_part, "Ada suspended", "Undo", lambda: None)  # type: ignore[attr-defined]
    assert told == ["Ada suspended"]


def test_it_stays_six_seconds() -> None:
    assert toasts.STAYS_MS == 6_000


def test_escape_closes_it_wherever_nothing_else_takes_the_key(qtbot: QtBot, page: QWidget, done: list[str]) -> None:
    field = QPushButton("Elsewhere", page)
    field.show()
    toast = shown(page, done)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not toast.isVisible()
    assert done == []


def test_another_one_takes_its_place(page: QWidget, done: list[str]) -> None:
    first = shown(page, done)
    second = shown(page, done, "Ada suspended")
    assert not first.isVisible()
    assert second.isVisible()


def test_it_may_only_say_something(page: QWidget) -> None:
    toast = Toast(page, page.lower_part, "Nothing changed")  # type: ignore[attr-defined]
    assert not link(toast).isVisible()
    assert toast.accessibleName() == "Nothing changed"
    page.resize(901, 600)
    assert not link(toast).isVisible()


@pytest.mark.parametrize(("sentence", "whole"), [("Ada suspended", True), ("long " * 100, False)])
def test_it_leaves_the_right_side_free(page: QWidget, sentence: str, whole: bool) -> None:
    beside = QWidget(page)
    beside.setGeometry(196, 0, 350, 400)
    beside.show()
    toast = Toast(page, page.lower_part, sentence, "Undo", lambda: None, beside=beside)  # type: ignore[attr-defined]
    assert toast.geometry().right() + 1 <= beside.geometry().right() + 1 - 16
    assert toast.x() >= beside.x() + 16
    assert (toast.findChildren(ElidedLabel)[0].toolTip() == "") is whole
    beside.setGeometry(196, 0, 704, 400)
    if whole:
        assert abs(toast.geometry().center().x() - page.rect().center().x()) <= 1
