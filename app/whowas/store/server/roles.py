"""The roles of a directory on a server: who owns its tables, and what people may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Rights = Literal["reader", "editor", "admin"]
"""What an account may do: read, but for passwords; write too; erase, and say who may what, too."""

RIGHTS: tuple[Rights, ...] = ("reader", "editor", "admin")
"""All there are; each may what those before it may."""

WRITERS: tuple[Rights, ...] = ("editor", "admin")
"""Who may save something."""


@dataclass(frozen=True, slots=True)
class DirectoryRoles:
    """Names of roles, which are of the whole server. Nobody logs in as ``owner``; an admin may edit, an editor read."""

    owner: str
    reader: str
    editor: str
    admin: str

    @classmethod
    def called(cls, prefix: str) -> DirectoryRoles:
        """Return the roles of a directory, by what their names begin with."""
        return cls(f"{prefix}_owner", f"{prefix}_reader", f"{prefix}_editor", f"{prefix}_admin")

    def names(self) -> tuple[str, str, str, str]:
        """Return the names of all of them."""
        return self.owner, self.reader, self.editor, self.admin
