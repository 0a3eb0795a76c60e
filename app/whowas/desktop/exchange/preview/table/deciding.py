"""Deciding about rows of a preview from a menu: many of them in slices, so that the window goes on meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMenu

from whowas.desktop.exchange.preview.table.model import ORDERS, PreviewColumn, PreviewModel
from whowas.desktop.kit.plain_text import add_entry
from whowas.domain.fields import shortened
from whowas.interchange.importing.given.rules import Decision, LeaveOut, NewUser, SameAs

_SLICE_S = 0.006
"""How long one slice takes, in seconds: a third of a frame."""
_MOST_CANDIDATES = 20
_MOST_LOOKED_AT = 500
"""Of so many selected rows it is found out what can be done with them; of more, everything is offered."""
_LONGEST = 80


class RowDecisions(QObject):
    """Decides about rows by their numbers, one after the other."""

    def __init__(self, model: PreviewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._waiting: list[Iterator[Callable[[], None]]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def leave_out(self, numbers: list[int]) -> None:
        """Leave out those of the rows that are taken, or of which it is not said who they are."""
        model = self._model
        self._start(numbers, lambda number: model.is_taken(number) is True or model.asks(number), LeaveOut())

    def take_again(self, numbers: list[int]) -> None:
        """Take those of the rows that are left out."""
        self._start(numbers, lambda number: self._model.is_taken(number) is False, None)

    def answer(self, numbers: list[int], decision: Decision) -> None:
        """Say who those of the rows are about that may be about one user or another."""
        self._start(numbers, self._model.asks, decision)

    def ask_again(self, number: int) -> None:
        """Take back what was said of a row."""
        self._start([number], lambda _number: True, None)

    def toggle(self, numbers: list[int], *, taken: bool) -> None:
        """Leave rows out that are ``taken``, or take those that are not."""
        if taken:
            self._start(numbers, lambda number: self._model.is_taken(number) is True, LeaveOut())
        else:
            self.take_again(numbers)

    def forget(self) -> None:
        """Decide no more of what waits."""
        self._timer.stop()
        self._waiting.clear()

    def _start(self, numbers: list[int], wanted: Callable[[int], bool], decision: Decision | None) -> None:
        def steps() -> Iterator[Callable[[], None]]:
            for number in numbers:
                yield partial(self._decide, number, wanted, decision)

        self._waiting.append(steps())
        self._timer.start()
        self._go_on()

    def _decide(self, number: int, wanted: Callable[[int], bool], decision: Decision | None) -> None:
        if wanted(number):
            self._model.decide(number, decision)

    def _go_on(self) -> None:
        begun = time.perf_counter()
        while self._waiting:
            for step in self._waiting[0]:
                step()
                if time.perf_counter() - begun > _SLICE_S:
                    self._model.show_decided()
                    return
            self._waiting.pop(0)
        self._timer.stop()
        self._model.show_decided()


def fill_row_menu(menu: QMenu, model: PreviewModel, decisions: RowDecisions, numbers: list[int]) -> None:
    """Offer what can be decided about rows, by their numbers."""
    if len(numbers) == 1 and model.asks(numbers[0]):
        fill_ask_menu(menu, model, decisions, numbers[0])
        return
    looked_at = numbers if len(numbers) <= _MOST_LOOKED_AT else []
    taken = {model.is_taken(number) for number in looked_at}
    asks = any(model.asks(number) for number in looked_at)
    these, them, are = ("These rows", "them", "are") if len(numbers) > 1 else ("This row", "it", "is")
    if asks or not looked_at:
        entry = add_entry(
            menu, f"{these} {are} about new users" if len(numbers) > 1 else f"{these} is about a new user"
        )
        entry.triggered.connect(lambda: decisions.answer(numbers, NewUser()))
    if True in taken or asks or not looked_at:
        add_entry(menu, f"Leave {these.lower()} out").triggered.connect(lambda: decisions.leave_out(numbers))
    if False in taken or not looked_at:
        add_entry(menu, f"Take {them} again").triggered.connect(lambda: decisions.take_again(numbers))
    if len(numbers) == 1 and isinstance(model.decision(numbers[0]), NewUser | SameAs):
        add_entry(menu, "Ask again who this is").triggered.connect(lambda: decisions.ask_again(numbers[0]))


def fill_ask_menu(menu: QMenu, model: PreviewModel, decisions: RowDecisions, number: int) -> None:
    """Offer whom a row may be about."""
    perhaps = model.outcome_of(number).perhaps[:_MOST_CANDIDATES]
    called = model.called(perhaps)
    for user_id in perhaps:
        if who := called.get(user_id):
            entry = add_entry(menu, shortened(who, _LONGEST))
            entry.triggered.connect(partial(_answer, decisions, number, SameAs(user_id)))
    if menu.actions():
        menu.addSeparator()
    add_entry(menu, "A new user").triggered.connect(partial(_answer, decisions, number, NewUser()))
    add_entry(menu, "Leave this row out").triggered.connect(partial(_answer, decisions, number, LeaveOut()))


def fill_order_menu(menu: QMenu, sort: Callable[[int], None]) -> None:
    """Offer the orders that a click on a title gives, for who has no pointer."""
    if menu.actions():
        menu.addSeparator()
    for column in ORDERS:
        title = "user" if column == PreviewColumn.USER else "line"
        add_entry(menu, f"Order by {title}").triggered.connect(partial(_order, sort, column))


def _answer(decisions: RowDecisions, number: int, decision: Decision, _checked: bool = False) -> None:
    decisions.answer([number], decision)


def _order(sort: Callable[[int], None], column: int, _checked: bool = False) -> None:
    sort(column)
