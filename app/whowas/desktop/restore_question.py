"""Asking what to restore to the moment shown, and showing it before it is done."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from whowas.bus import Bus
from whowas.desktop import moments
from whowas.desktop.dialogs.put_back import Line, RestoreDialog, line_of, lines_of
from whowas.domain.fields import listed
from whowas.domain.progress import Progress
from whowas.restoring import Plan, Restoration, carried_out, with_fields

if TYPE_CHECKING:
    from whowas.desktop.put_back_commands import PutBackCommands

_ACTORS_TOLD = 5


class RestoreQuestion(QObject):
    """One dialog that asks what to restore to the moment shown, and shows it before it is done."""

    def __init__(self, commands: PutBackCommands) -> None:
        super().__init__(commands)
        self._commands = commands
        self._moment = commands.page.view.moment
        users = commands.page.selected_users()
        self._scopes: list[tuple[str, list[str] | None]] = [("Everybody, and the groups", None)]
        if users:
            names = users[0].name if len(users) == 1 else f"The {len(users):,} selected users"
            self._scopes.insert(0, (names, [user.id for user in users]))
        self._plan: Plan | None = None
        self._asked = 0
        self._dialog = RestoreDialog(
            self._when(), [text for text, _ in self._scopes], self._pick, parent=commands.window
        )
        self._dialog.finished.connect(self._close)
        self._dialog.accepted.connect(self._accept)

    def ask(self) -> None:
        """Show the dialog with what is restored first."""
        self._pick(0)
        self._commands.show(self._dialog)

    def _when(self) -> str:
        occurred_at = self._commands.page.view.occurred_at()
        return "before the first change" if occurred_at is None else moments.long(occurred_at)

    def _pick(self, scope: int) -> None:
        self._plan = None
        self._asked += 1
        self._dialog.tell(f"Bring back how it was: {self._when()}.")
        self._dialog.show_lines([Line("Looking…")], possible=False)
        self._commands.session.plan_restoring(
            self._moment,
            self._scopes[scope][1],
            done=partial(self._show, self._asked),
            failed=self._commands.tell,
        )

    def _close(self) -> None:
        self._asked += 1
        self.deleteLater()

    def _show(self, asked: int, plan: Plan) -> None:
        if asked != self._asked:
            return  # something else was picked meanwhile, or the dialog closed
        self._plan = plan
        if self._fields(plan) is not None:
            one = plan.users[0]
            self._dialog.show_choices([(change.field, line_of(one.now.name, change)) for change in one.changes])
        elif plan:
            self._dialog.tell(f"Bring back how it was: {self._when()}. {_later_sentence(plan)}")
            self._dialog.show_lines(_plan_lines(plan), possible=True)
        else:
            self._dialog.show_lines([Line("Nothing would change: all of it is as it was then.")], possible=False)

    @staticmethod
    def _fields(plan: Plan) -> Restoration | None:
        """Return the one user whose fields can be chosen among."""
        one = plan.users[0] if len(plan.users) == 1 and not plan.groups else None
        return one if one is not None and one.now.status != "deleted" and one.then.status != "deleted" else None

    def _accept(self) -> None:
        plan, reason = self._plan, self._dialog.reason()
        if plan is None:
            return
        if (one := self._fields(plan)) is not None:
            chosen = with_fields(one, self._dialog.chosen())
            plan = replace(plan, users=(chosen,))
        final = plan

        def work(bus: Bus, progress: Progress) -> bool:
            return carried_out(bus, final, reason, progress)

        self._commands.carry_out(work)


def _plan_lines(plan: Plan) -> list[Line]:
    groups = [Line("Directory", "Group", now or "not there", then or "ends") for now, then in _group_names(plan)]
    return groups + [line for one in plan.users for line in lines_of(one.now.name, one.changes)]


def _group_names(plan: Plan) -> list[tuple[str | None, str | None]]:
    return [(plan.groups_now.get(group_id), name) for group_id, name in plan.groups.items()]


def _later_sentence(plan: Plan) -> str:
    """Say how many later changes it takes back, and whose they are."""
    if not plan.later:
        return ""
    total = sum(count for _, count in plan.later)
    told = [f"{count:,} by {actor}" for actor, count in plan.later[:_ACTORS_TOLD]]
    if others := plan.later[_ACTORS_TOLD:]:
        told.append(f"{sum(count for _, count in others):,} by {len(others):,} others")
    return f"This takes back what {total:,} later changes did: {listed(told)}."
