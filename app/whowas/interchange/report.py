"""What an import did, or would do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was not taken, or only without one field.

    ``line`` counts from 1; ``column`` from 1 where the fault is at a place in the line, else 0; ``field`` is the
    faulty field or empty; ``raw`` is the line as it stood.
    """

    line: int
    column: int
    field: str
    reason: str
    raw: str
    taken_without_field: bool = False

    def __str__(self) -> str:
        place = f"Line {self.line:,}"
        if self.column:
            place += f", column {self.column:,}"
        if self.field:
            place += f", {self.field}"
        without = " Taken without this field." if self.taken_without_field else ""
        return f"{place}: {self.reason}{without}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts of lines that created, changed and deleted users, of all lines and of people; what was refused.

    ``written`` says whether the log has it now.
    """

    created: int
    changed: int
    deleted: int
    people: int
    refusals: tuple[Refusal, ...]
    written: bool

    def summary(self, *, would: bool = False) -> str:
        """Return one sentence for people; ``would`` for what has not been done."""
        verb = "Would import" if would else "Imported"
        refused = sum(not refusal.taken_without_field for refusal in self.refusals)
        parts = [f"{self.created:,} created", f"{self.changed:,} changed", f"{self.deleted:,} deleted"]
        if refused:
            parts.append(f"{refused:,} refused")
        return f"{verb} {self.people:,} people: {', '.join(parts)}."
