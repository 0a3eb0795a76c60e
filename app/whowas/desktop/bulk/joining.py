"""Asking which group the selected users are to join, or to leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from whowas.desktop.bulk.asked import BulkAsked
from whowas.desktop.bulk.group_form import GroupForm
from whowas.domain.bulk_edit import Edit, moving
from whowas.domain.directory import Directory
from whowas.domain.done_sentences import joined, removed
from whowas.domain.errors import RefusedError
from whowas.domain.fields import checked_name, counted, name_key, shortened

if TYPE_CHECKING:
    from whowas.command_bus.unit_of_work import Change

_TO_BE_MADE = "to be made"
"""The id by which a preview knows a group that does not exist yet; no group has such a one."""


class JoinForm(GroupForm):
    """Asks for any group; one that does not exist is made with the same change."""

    def __init__(self, directory: Directory, parent: QWidget | None = None) -> None:
        super().__init__(dict.fromkeys(directory.groups.values(), ""), "Existing groups", parent)
        self._directory = directory

    def asked(self) -> BulkAsked | None:
        if not self.name():
            return None
        name = checked_name(self.row.key, self.name())
        known, directory, note = self._directory.group_named(name), self._directory, ""
        if known is None:
            directory = replace(directory, groups={**directory.groups, _TO_BE_MADE: name})
            note = f"The group “{shortened(name)}” is new: it is made with this change."
        else:
            name = directory.groups[known]

        def begin(change: Change) -> Edit:
            if known is None:
                return moving(join=[change.group_named(name)])
            _require_there(change, known, name)
            return moving(join=[known])

        def button(users: int, _cells: int) -> str:
            return f"Add {counted(users, 'user')} to {shortened(name)}" if users else "Add"

        edit = moving(join=[known or _TO_BE_MADE])
        doing, done = f"Adding to {shortened(name)}", partial(joined, group=shortened(name))
        return BulkAsked(begin, edit, directory, doing, done, button, note)


class LeaveForm(GroupForm):
    """Asks for one of the groups that any of the users is in; ``members`` tells how many are, by the group's id."""

    def __init__(self, directory: Directory, members: Mapping[str, int], users: int, parent: QWidget | None = None):
        offered = {directory.groups[group_id]: f"{count:,} of {users:,}" for group_id, count in members.items()}
        super().__init__(offered, "Their groups", parent)
        self._directory = directory
        self._ids = {name_key(directory.groups[group_id]): group_id for group_id in members}
        if len(offered) == 1:
            self.row.set_text(*offered)

    def asked(self) -> BulkAsked | None:
        if not self.name():
            return None
        group_id = self._ids.get(name_key(self.name()))
        if group_id is None:
            raise RefusedError(self.row.key, f"None of them is in a group called “{shortened(self.name())}”.")
        name, left = self._directory.groups[group_id], group_id

        def begin(change: Change) -> Edit:
            _require_there(change, left, name)
            return moving(leave=[left])

        def button(users: int, _cells: int) -> str:
            return f"Remove {counted(users, 'user')} from {shortened(name)}" if users else "Remove"

        doing, done = f"Removing from {shortened(name)}", partial(removed, group=shortened(name))
        return BulkAsked(begin, moving(leave=[left]), self._directory, doing, done, button)


def _require_there(change: Change, group_id: str, name: str) -> None:
    if group_id not in change.directory().groups:
        raise RefusedError("group", f"Somebody deleted the group “{shortened(name)}” meanwhile. Nothing was changed.")
