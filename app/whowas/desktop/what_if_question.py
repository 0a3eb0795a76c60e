"""Showing what would be without some changes, and making it so when told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from whowas.bus import Bus
from whowas.desktop.dialogs.put_back import Line, PutBackDialog, lines_of
from whowas.domain.progress import Progress
from whowas.what_if.applying import apply
from whowas.what_if.imagining import imagine
from whowas.what_if.outcome import WhatIf

if TYPE_CHECKING:
    from whowas.desktop.put_back_commands import PutBackCommands


class WhatIfQuestion:
    """Some changes that might not have been; ``called`` says which, for a title."""

    def __init__(self, commands: PutBackCommands, change_ids: Sequence[str], called: str) -> None:
        self._commands = commands
        self._change_ids = list(change_ids)
        self._called = called

    def ask(self) -> None:
        """Imagine it, which may take a while, and show what would be."""
        log = self._commands.session.log

        def work(progress: Progress) -> WhatIf:
            return imagine(log, self._change_ids, progress)

        self._commands.look("What if", work, self._show)

    def _show(self, what_if: WhatIf) -> None:
        lines = _lines(what_if)
        told = f"{len(what_if.user_differences):,} users would be different now; every later change was decided again."
        dialog = PutBackDialog(_title(self._change_ids, self._called), told, "Make it so", self._commands.window)
        dialog.show_lines(lines or [Line("Nothing would be different now.")], possible=bool(lines))
        dialog.accepted.connect(partial(self._make_so, what_if, dialog))
        self._commands.show(dialog)

    def _make_so(self, what_if: WhatIf, dialog: PutBackDialog) -> None:
        reason = dialog.reason()

        def work(bus: Bus, progress: Progress) -> bool:
            return apply(bus, what_if, reason, progress)

        self._commands.carry_out(work)


def _title(change_ids: Sequence[str], called: str) -> str:
    return f"What if this had not been: {called}?" if len(change_ids) == 1 else f"What if {called} had not been?"


def _lines(what_if: WhatIf) -> list[Line]:
    lines: list[Line] = []
    for difference in what_if.user_differences:
        if difference.would_be is None:
            lines.append(Line(difference.now.name, "Status", difference.now.status, "would not be there"))
        else:
            lines.extend(lines_of(difference.now.name, difference.changes))
    lines += [
        Line("Directory", "Group", group.now or "not there", group.would_be or "would not be there")
        for group in what_if.group_differences
    ]
    refused = [
        Line(f"Could not have been: {refused.person or 'Directory'}: {refused.title} ({refused.reason})")
        for refused in what_if.refused
    ]
    return lines + refused
