"""What a window is made of, by role and name.

A control is a description, not a handle: every question looks it up anew and waits until it shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.end_to_end.screen_reader import NotThere

if TYPE_CHECKING:
    from tests.end_to_end.application import Application


@dataclass(frozen=True, slots=True)
class Target:
    """How a control is found: its role, its whole name (or a pattern), and what it lies in."""

    roles: tuple[str, ...]
    name: str | None = None
    pattern: str | None = None
    hidden: bool = False
    within: Target | None = None

    def sent(self) -> dict[str, Any]:
        """As the agent wants it."""
        inside = self.within.sent() if self.within else None
        words = {"name": self.name, "pattern": self.pattern, "hidden": self.hidden, "within": inside}
        return {"roles": list(self.roles), **words}


@dataclass(frozen=True)
class Control:
    """Anything that has a role and a name."""

    app: Application
    target: Target

    def ask(self, do: str, **details: Any) -> Any:
        """Ask about this control as soon as it is there."""
        return self.app.patiently(partial(self.app.ask, do, target=self.target.sent(), **details))

    @property
    def name(self) -> str:
        return str(self.ask("describe")["name"])

    @property
    def description(self) -> str:
        return str(self.ask("describe")["description"])

    @property
    def states(self) -> frozenset[str]:
        """AT-SPI's own words: ``enabled``, ``focused``, ``checked``, ``selected``, ``editable`` …"""
        return frozenset(self.ask("describe")["states"])

    @property
    def enabled(self) -> bool:
        return "enabled" in self.states

    def shows(self) -> bool:
        """Whether it is there now, without waiting."""
        try:
            self.app.ask("describe", target=self.target.sent())
        except NotThere:
            return False
        return True

    def press(self) -> None:
        """Push, toggle or trigger it once it is there and enabled; does not wait for a dialog it opens."""
        self.ask("press")

    def focus(self) -> None:
        self.ask("focus")

    def click(self) -> None:
        """A real click of the mouse on its middle; for what offers no action."""
        self.ask("click")

    def drop_on(self, target: Control, noticed: Callable[[], bool]) -> None:
        """Drag it with the mouse over another control, of any program, and let go once that was ``noticed`` there."""
        self.ask("hold")
        steps = count()

        def carried() -> bool:
            target.ask("carry", step=next(steps))
            return noticed()

        target.app.eventually(carried, "what is dragged is noticed")
        self.ask("let_go")

    def within(self, *roles: str, name: str) -> Control:
        """The same control, looked for only inside another one (two tables may have buttons of one name)."""
        return replace(self, target=replace(self.target, within=Target(roles, name)))


class Field(Control):
    """A text field of one or many lines."""

    @property
    def text(self) -> str:
        return str(self.ask("text"))

    @text.setter
    def text(self, text: str) -> None:
        self.ask("set_text", text=text)

    @property
    def read_only(self) -> bool:
        """Whether it can be read and copied only; Qt calls even such a field editable."""
        return "read-only" in self.states

    @property
    def editable(self) -> bool:
        return "editable" in self.states


class Slider(Control):
    """A control with a value between two others."""

    @property
    def value(self) -> int:
        return int(self.ask("value")[0])

    @value.setter
    def value(self, value: int) -> None:
        self.ask("set_value", value=value)

    @property
    def range(self) -> tuple[int, int]:
        _, lowest, highest = self.ask("value")
        return int(lowest), int(highest)


class Table(Control):
    """A table of any size: only the cells asked for are touched."""

    @property
    def row_count(self) -> int:
        return int(self.ask("table")["rows"])

    @property
    def headers(self) -> list[str]:
        return list(self.ask("table")["headers"])

    @property
    def selected_rows(self) -> list[int]:
        return list(self.ask("table")["selected"])

    def rows(self, first: int = 0, count: int = 100) -> list[list[str]]:
        """The texts of at most ``count`` rows, visible columns from left to right."""
        return list(self.ask("cells", first=first, count=count))

    def cell(self, row: int, column: int | str) -> str:
        """One text; the column by number or by its header."""
        at = self.headers.index(column) if isinstance(column, str) else column
        return self.rows(row, 1)[0][at]

    def column(self, header: str, count: int = 100) -> list[str]:
        """One column's texts in the first rows."""
        at = self.headers.index(header)
        return [row[at] for row in self.rows(0, count)]

    def select(self, row: int) -> None:
        """Select this row and no other."""
        self.ask("select_row", row=row)

    def click_cell(self, row: int, column: int | str) -> None:
        """A real click on a cell that is in sight."""
        at = self.headers.index(column) if isinstance(column, str) else column
        self.ask("click_cell", row=row, column=at)

    def click_header(self, header: str) -> None:
        """A real click on a column's header, as for sorting."""
        self.ask("click_header", column=self.headers.index(header))


class Choices(Control):
    """A list whose entries are read by name."""

    @property
    def entries(self) -> list[str]:
        inside = Target(("list item", "tree item", "table cell"), within=self.target)
        return list(self.app.patiently(partial(self.app.ask, "names", target=inside.sent())))

    def select(self, name: str) -> None:
        self.ask("select_child", name=name)
