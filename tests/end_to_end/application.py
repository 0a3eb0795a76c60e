"""A real program driven as a screen reader does: by role and name, over AT-SPI only, with bounded waits.

Nothing here sleeps for a fixed time; what a test expects to become true goes through ``Application.eventually``.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.end_to_end.controls import Choices, Control, Field, Slider, Table, Target
from tests.end_to_end.screen_reader import NotThere, ScreenReader

# Generous, because a machine under load is no failure; a test that passes never waits for it.
PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.03

BUTTONS: Final = ("button", "toggle button", "check box", "push button menu")
FIELDS: Final = ("text", "password text", "entry")
MENU_ITEMS: Final = ("menu item", "check menu item", "radio menu item")
TABLES: Final = ("table", "tree table")
LISTS: Final = ("list", "list box", "tree", "tree table")
LABELS: Final = ("label", "notification", "alert")


class Application:
    """A running program, seen through its windows."""

    def __init__(self, reader: ScreenReader, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self._reader = reader
        self._log = log

    def ask(self, do: str, **details: Any) -> Any:
        """One question about this program, without waiting."""
        return self._reader.ask(do, self.process.pid, **details)

    def patiently(self, question: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
        """Ask until there is an answer."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return question()
            except NotThere as missing:
                if self.process.poll() is not None:
                    raise NotThere(f"{missing}: the program ended, code {self.process.returncode}") from None
                if time.monotonic() > deadline:
                    raise NotThere(f"{missing} (after {seconds:.0f} s)") from None
                time.sleep(POLL_SECONDS)

    def eventually(self, expected: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until ``expected()`` holds; ``what`` says in the failure what did not come true."""

        def holds() -> None:
            if not expected():
                raise NotThere(f"not so: {what}")

        self.patiently(holds, seconds)

    def button(self, name: str) -> Control:
        return Control(self, Target(BUTTONS, name))

    def menu_item(self, name: str | None = None, *, pattern: str | None = None) -> Control:
        """An entry of any menu; the menu need not be open."""
        return Control(self, Target(MENU_ITEMS, name, pattern, hidden=True))

    def tab(self, name: str) -> Control:
        return Control(self, Target(("page tab",), name))

    def label(self, name: str | None = None, *, pattern: str | None = None) -> Control:
        return Control(self, Target(LABELS, name, pattern))

    def field(self, name: str) -> Field:
        return Field(self, Target(FIELDS, name))

    def slider(self, name: str) -> Slider:
        return Slider(self, Target(("slider",), name))

    def table(self, name: str) -> Table:
        return Table(self, Target(TABLES, name))

    def choices(self, name: str) -> Choices:
        return Choices(self, Target(LISTS, name))

    def control(self, *roles: str, name: str | None = None, pattern: str | None = None) -> Control:
        """Anything else, by AT-SPI's role names (``check box``, ``combo box``, ``dialog`` …)."""
        return Control(self, Target(roles, name, pattern))

    @property
    def windows(self) -> list[str]:
        """The titles of its windows and dialogs."""
        return list(self.patiently(partial(self.ask, "windows")))

    @property
    def title(self) -> str:
        """The main window's title."""
        return self.windows[0]

    def press_keys(self, combination: str) -> None:
        """Real keys in its uppermost window: ``Ctrl+z``, ``Ctrl+Shift+z``, ``Page_Down``, ``Enter`` …"""
        self.ask("keys", keys=combination)

    def tree(self) -> str:
        """Everything a screen reader sees, for a person who looks for what went wrong."""
        return str(self.ask("tree"))

    def errors(self) -> str:
        """What the program wrote to stderr so far."""
        return self._log.read_text(errors="replace")

    def wait_closed(self, seconds: float = PATIENCE_SECONDS) -> int:
        """The exit code, once the program has ended by itself."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise NotThere(f"the program still runs after {seconds:.0f} s") from None
