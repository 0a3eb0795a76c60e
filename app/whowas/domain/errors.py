"""Everything that can go wrong and is not a bug.

    WhowasError
    ├── RefusedError    a rule says no; shown beside the field it names
    │   └── AlteredAgainError   what is to be undone was altered again since
    ├── ConflictError   the form was made for an older version of the user
    ├── StoreError      the file or its disk: locked, full, read-only, too new
    │   ├── DamagedError   the file contains something that no version of the program writes
    │   └── UncertainError   the disk failed during the commit, so it is unknown what was saved
    ├── UnfinishedError the change is saved, but something that belongs to it could not be done
    └── CancelledError  the person asked for long work to stop

Each carries one plain sentence for the person at the keyboard. Bugs have no class here.
"""

from __future__ import annotations


class WhowasError(Exception):
    """Base of every expected error; ``str(error)`` is the sentence to show."""


class RefusedError(WhowasError):
    """A command broke a rule. ``field`` names the field at fault, or is empty if there is no single one.

    ``advice`` are sentences for who types commands: which option answers it. Elsewhere they would mean nothing.
    """

    def __init__(self, field: str, sentence: str, advice: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        self.advice = advice


class AlteredAgainError(RefusedError):
    """Undoing the last change would revert later work too; undoing that one change alone asks about it instead."""


class ConflictError(WhowasError):
    """The user changed since the form was opened: the form has version ``expected``, the user is at ``actual``."""

    def __init__(self, user_id: str, expected: int, actual: int) -> None:
        super().__init__(
            f"Somebody else changed this user meanwhile (version {actual}, the form was made for {expected})."
        )
        self.user_id = user_id
        self.expected = expected
        self.actual = actual


class StoreError(WhowasError):
    """A directory file cannot be used as requested; nothing was written."""


class UncertainError(StoreError):
    """The commit failed, and it is unknown whether the change will be there when the file is opened next."""


class DamagedError(StoreError):
    """A directory file contains something that no version of this program writes.

    ``position`` is that of the event at fault, 0 where it is not known or there is none.
    """

    def __init__(self, sentence: str, position: int = 0) -> None:
        super().__init__(sentence)
        self.position = position


class UnfinishedError(WhowasError):
    """The change is saved, but something that should follow it could not be done."""


class CancelledError(WhowasError):
    """Long work was cancelled by the person before its end; nothing of it was kept."""
