"""What people have written is shown as it was written, wherever it stands: nothing in it is markup, or a mark."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QGroupBox,
    QLabel,
    QMenu,
    QMessageBox,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.every_dialog import every_dialog, kinds_of_dialogs
from tests.desktop.window.test_main_window import Desk
from whowas import desktop
from whowas.command_bus.bus import Bus
from whowas.desktop.kit import plain_text
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.window.file_commands import FileCommands
from whowas.domain.causation import ImportOf
from whowas.domain.commands import (
    CreateGroup,
    CreateUser,
    DefineField,
    JoinGroup,
    NameMoment,
    SuspendUser,
    UpdateUser,
)
from whowas.store.event_log import EventLog

PICTURE = "/tmp/who-looks-at-this.png"
HOSTILE = f'<img src="{PICTURE}"><b>&Save</b> [*] %1 &lt;i&gt;'
ADA = "0199a3c4-0000-7000-8000-000000000001"
GROUP = "0199a3c4-0000-7000-8000-00000000ffff"
MOMENT = "0199a3c4-0000-7000-8000-00000000aaaa"
ROLES = [Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.StatusTipRole, Qt.ItemDataRole.WhatsThisRole]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """A window on a directory in which every text is hostile, its file's name too."""
    path = tmp_path / f"{HOSTILE.replace('/', '∕')}.whowas"
    log = EventLog.create(path)
    bus = Bus(log, clock=microseconds_now, actor=f"a {HOSTILE}")
    with bus.change(causation=ImportOf(f"{HOSTILE}\t{HOSTILE}")) as change:
        change.dispatch(CreateGroup(GROUP, f"g {HOSTILE}"), DefineField(f"f {HOSTILE}"))
        texts = {name: f"{name} {HOSTILE}" for name in ("first_name", "last_name", "title", "department", "notes")}
        change.dispatch(CreateUser(ADA, texts, {f"f {HOSTILE}": f"v {HOSTILE}"}), JoinGroup(ADA, GROUP))
    bus.dispatch(NameMoment(MOMENT, f"m {HOSTILE}", HOSTILE, *log_place(log)))
    bus.actor = "ines"
    bus.dispatch(UpdateUser(ADA, {"first_name": HOSTILE, "title": f"t {HOSTILE}"}))
    bus.dispatch(SuspendUser(ADA))
    log.close()
    made = Desk(qtbot, tmp_path / "config")
    made.open(path)
    made.window.resize(1300, 900)
    made.page.table.selectRow(0)
    made.settle()
    yield made
    made.window.put_away()
    made.runner.drain()


def log_place(log: EventLog) -> tuple[int, int]:
    last = list(log.read())[-1]
    return last.occurred_at, last.position


def read(text: str) -> str:
    """What somebody sees of a tool tip, or of anything else that takes what looks like markup for it."""
    if not GuiQt.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def shows_pictures(text: str) -> bool:
    return GuiQt.mightBeRichText(text) and "<img" in text


def faults(top: QWidget) -> Iterator[str]:
    """Everything below a widget, and itself, that would show a hostile text otherwise than it was written."""
    widgets = [top, *top.findChildren(QWidget)]
    for widget in widgets:
        about = f"{type(widget).__name__} “{widget.accessibleName()}”"
        for kind, text in (
            ("tool tip", widget.toolTip()),
            ("status tip", widget.statusTip()),
            ("what's this", widget.whatsThis()),
        ):
            if GuiQt.mightBeRichText(text):
                yield f"{kind} of {about}: {text}"
        yield from _faults_of_text(widget, about)
        if isinstance(widget, QAbstractItemView):
            yield from (f"{fault} in {about}" for fault in _faults_of_model(widget.model()))
        for action in widget.actions():
            yield from (f"{fault} of {about}" for fault in _faults_of_action(action))


def _faults_of_text(widget: QWidget, about: str) -> Iterator[str]:
    if widget.isWindow() and "[*]" in widget.windowTitle().replace("[*][*]", ""):
        yield f"title of {about}: {widget.windowTitle()}"
    if isinstance(widget, QLabel):
        if widget.textFormat() != Qt.TextFormat.PlainText and GuiQt.mightBeRichText(widget.text()):
            yield f"label {widget.text()}"
        if widget.buddy() is not None and _has_mark(widget.text()):
            yield f"label of a field: {widget.text()}"
    if isinstance(widget, QAbstractButton) and _has_mark(widget.text()):
        yield f"button {widget.text()}"
    if isinstance(widget, QGroupBox | QMenu) and _has_mark(widget.title()):
        yield f"title {widget.title()}"
    if isinstance(widget, QTabBar):
        yield from (f"tab {text}" for tab in range(widget.count()) if _has_mark(text := widget.tabText(tab)))
    if isinstance(widget, QMessageBox) and widget.textFormat() != Qt.TextFormat.PlainText:
        yield f"message box {widget.text()}"


def _faults_of_action(action: QAction) -> Iterator[str]:
    if _has_mark(action.text()) or ("Save" in action.text() and "\t" in action.text()):
        yield f"action {action.text()}"
    for text in (action.toolTip(), action.statusTip(), action.whatsThis()):
        # What an action makes of its own text is shown where the menu shows tool tips.
        if GuiQt.mightBeRichText(text):
            yield f"tool tip {text} of the action {action.text()}"


def _has_mark(text: str) -> bool:
    """Whether the “S” of “&Save” would be underlined, as the ampersand is not said twice."""
    return "&Save" in text.replace("&&", "")


def _faults_of_model(model: QAbstractItemModel | None) -> Iterator[str]:
    if model is None:
        return
    columns = range(1) if isinstance(model, QAbstractListModel) else range(model.columnCount())
    for row in range(model.rowCount()):
        for column in columns:
            index: QModelIndex = model.index(row, column)
            for role in ROLES:
                text = index.data(role)
                if isinstance(text, str) and (shows_pictures(text) or "&Save" in text != "&Save" in read(text)):
                    yield f"tip {text}"
    for section in columns:
        for role in ROLES:
            text = model.headerData(section, Qt.Orientation.Horizontal, role)
            if isinstance(text, str) and GuiQt.mightBeRichText(text):
                yield f"tip of a column {text}"


def menus_of(desk: Desk) -> list[QMenu]:
    """Every menu of the window, filled as if it had just been opened."""
    for _ in range(3):
        for menu in desk.window.findChildren(QMenu):
            menu.aboutToShow.emit()
        desk.runner.drain()
    return desk.window.findChildren(QMenu)


def test_what_is_hostile_is_there(desk: Desk) -> None:
    assert desk.window.session is not None
    assert HOSTILE in (desk.window.session.undo_redo.undo_sentence or "")
    assert HOSTILE in desk.names()[0]
    menus = menus_of(desk)
    entries = [action.text().replace("&&", "&") for menu in menus for action in menu.actions()]
    for what in ("m ", "f ", "a "):
        assert any(f"{what}{HOSTILE}" in text for text in entries), what
    assert any(HOSTILE in action.toolTip().replace("\u2060", "") for action in desk.window.actions_.all())


def test_nothing_of_the_window_takes_it_for_markup(desk: Desk) -> None:
    view = desk.page.view
    found = [*faults(desk.window)]
    for tab in (desk.page.panel.show_history, desk.page.panel.show_changes):
        tab()
        desk.settle()
        found += faults(desk.window)
    menus_of(desk)
    found += faults(desk.window)
    for moment in (view.index.now - 1, 1):
        view.show_moment(moment)
        desk.settle()
        found += faults(desk.window)
    view.show_moment(view.index.now - 1)
    desk.window.actions_.what_if.trigger()
    desk.settle()
    found += faults(desk.window)
    assert found == []


def test_nor_do_its_menus_and_questions(desk: Desk, qtbot: QtBot) -> None:
    found: list[str] = []
    desk.page.table.contextRequested.emit(desk.page.model.index(0, 0), QPoint(5, 5))
    desk.page.panel.show_history()
    desk.settle()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    found += faults(popup)
    popup.close()
    desk.page.panel.show_changes()
    desk.settle()
    (changes,) = (one for one in desk.page.findChildren(QAbstractItemView) if one.accessibleName() == "Changes")
    changes.customContextMenuRequested.emit(QPoint(5, 5))
    for name in ("undo_this", "restore_moment", "set_password", "erase", "suspend", "undo"):
        action: QAction = getattr(desk.window.actions_, name)
        if name == "restore_moment":
            desk.page.view.show_moment(desk.page.view.index.now - 1)
            desk.settle()
        action.trigger()
        desk.settle()
        for top in QApplication.topLevelWidgets():
            if top.isVisible():
                found += faults(top)
                if top is not desk.window:
                    top.close()
        desk.page.return_to_now()
        desk.settle()
    assert found == []


def test_nor_does_any_dialog(qtbot: QtBot, tmp_path: Path) -> None:
    makers = every_dialog(HOSTILE, tmp_path)
    assert set(makers) == kinds_of_dialogs()
    found: list[str] = []
    for make in makers.values():
        dialog = make()
        qtbot.addWidget(dialog)
        dialog.show()
        found += faults(dialog)
    assert found == []


def test_directories_opened_before_stand_in_the_menu_as_they_are_called(desk: Desk) -> None:
    (files,) = desk.window.findChildren(FileCommands)
    files._fill_recent()
    (action,) = desk.window.menus.recent.actions()
    assert action.text().replace("&&", "&") == f"{HOSTILE.replace('/', '∕')}.whowas"
    assert not [*faults(desk.window)]


@pytest.mark.parametrize(
    "text",
    [HOSTILE, "<b>x</b>", "&lt;b&gt;", "a & b < c", "<!doctype html>", '<?xml version="1.0"?><b>x</b>', "<\n<b>", "x"],
)
def test_a_tool_tip_says_the_text(text: str) -> None:
    tip = plain_text.tool_tip(text)
    assert not GuiQt.mightBeRichText(tip)
    assert read(tip).replace("\u2060", "") == text
    assert read(plain_text.wrapped_tip(text)) == text


def test_a_title_and_a_menu_say_the_text(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    menu = QMenu(window)
    action = menu.addAction(plain_text.label("a & b\tCtrl+Q"))
    assert action.text() == "a && b Ctrl+Q"
    assert action.toolTip() == "a & b Ctrl+Q"
    window.setWindowTitle(plain_text.title("staff [*] 2"))
    assert window.windowTitle() == "staff [*][*] 2"


SAYING = {"setToolTip", "setWhatsThis", "showText"}
PLAIN = {"tool_tip", "wrapped_tip"}


def test_no_tool_tip_is_set_that_is_neither_fixed_nor_made_plain() -> None:
    """Whoever adds a tool tip has to say which of the two it is."""
    unsafe: list[str] = []
    calls = 0
    for file in sorted(Path(desktop.__file__).parent.rglob("*.py")):
        constants = _constants(file)
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in SAYING:
                calls += 1
                text = node.args[1 if node.func.attr == "showText" else 0]
                if not _is_plain(text, constants):
                    unsafe.append(f"{file.name}:{node.lineno}")
    assert calls > 10
    assert unsafe == []


def _constants(file: Path) -> set[str]:
    """The names in capitals that a module gives to texts, or gets from another one."""
    tree = ast.parse(file.read_text())
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("whowas.desktop")
        for alias in node.names
    }
    return {name for name in imported if name.isupper()}


def _is_plain(text: ast.expr, constants: set[str]) -> bool:
    match text:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in constants
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in PLAIN
        case _:
            return False
