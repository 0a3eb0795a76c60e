"""The texts that the table of users shows, for whoever forms them without its model, as a job does."""

from __future__ import annotations

from typing import NamedTuple

from whowas.desktop.table.columns import Column
from whowas.domain.directory import Directory
from whowas.domain.users import STATUS_LABELS, User


def cell_text(user: User, key: str, directory: Directory) -> str:
    """Return the text of a user's cell in the column ``key``, with the names that groups have in ``directory``."""
    match key:
        case "name":
            return user.name
        case "groups":
            return ", ".join(directory.names_of(user.groups))
        case "status":
            return STATUS_LABELS[user.status]
        case _:
            return user.value(key) or ""


class ShownCells(NamedTuple):
    """The texts of some columns, with the names of groups at one moment; see ``cell_differences.Cells``."""

    columns: tuple[Column, ...]
    directory: Directory

    def text(self, user: User, key: str) -> str:
        """Return the text of a user's cell in the column ``key``."""
        return cell_text(user, key, self.directory)

    def groups(self, group_ids: frozenset[str]) -> tuple[str, ...]:
        """Return the names of groups, in the order shown."""
        return self.directory.names_of(group_ids)
