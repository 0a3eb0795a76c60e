"""The texts that the table of users shows, for whoever forms them without its model, as a job does."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from whowas.desktop.kit.dates import day_words
from whowas.desktop.table.columns import Column
from whowas.domain.directory import Directory
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.users import STATUS_LABELS, User


def cell_text(user: User, key: str, directory: Directory) -> str:
    """Return the text of a user's cell in the column ``key``, with the groups and definitions of ``directory``."""
    match key:
        case "name":
            return user.name
        case "groups":
            return ", ".join(directory.names_of(user.groups))
        case "status":
            return STATUS_LABELS[user.status]
        case _:
            text = user.value(key) or ""
            return shown_text(text, key, directory) if text and directory.definitions else text


def shown_text(text: str, key: str, directory: Directory) -> str:
    """Return a value of a column as it is shown: a date of a custom field in the style of the settings."""
    field_id = key.removeprefix(ATTRIBUTE_PREFIX)
    if field_id == key or directory.definition(field_id).type != "date":
        return text
    try:
        return day_words(date.fromisoformat(text))
    except ValueError:  # a value of old is shown as it is
        return text


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
