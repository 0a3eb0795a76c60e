"""Everything that can go wrong and is not a bug.

    WhowasError
    ├── RefusedError    a rule says no; belongs beside the field it names
    │   └── AlteredAgainError   what is to be taken back was altered again since
    ├── ConflictError   the form was made for an older version of the user
    ├── StoreError      the file or its disk: locked, full, read-only, too new
    │   └── DamagedError   what stands in the file cannot be so
    └── CancelledError  the person asked for long work to stop

Each carries one plain sentence for the person at the keyboard. Bugs have no class here.
"""

from __future__ import annotations


class WhowasError(Exception):
    """Base of every expected error; ``str(error)`` is the sentence to show."""


class RefusedError(WhowasError):
    """A command broke a rule. ``field`` names the faulty field, or is empty when no single field is at fault."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class AlteredAgainError(RefusedError):
    """Taking something back would revert later work with it; undoing that one change asks about it instead."""


class ConflictError(WhowasError):
    """The user changed since the form was opened: it expected ``expected``, the user is at ``actual``."""

    def __init__(self, user_id: str, expected: int, actual: int) -> None:
        super().__init__(
            f"Somebody else changed this user meanwhile (version {actual}, the form was made for {expected})."
        )
        self.user_id = user_id
        self.expected = expected
        self.actual = actual


class StoreError(WhowasError):
    """A directory file cannot be used as asked; nothing was written."""


class DamagedError(StoreError):
    """What stands in a directory file is not what this program, or any version of it, writes there."""


class CancelledError(WhowasError):
    """Long work was stopped half-way by its person; nothing of it was kept."""
