"""What an import did, or would do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not taken, or only without one field.

    ``line`` counts from 1. ``column``, from 1, is the character in a line of JSON and the cell in a row of CSV; 0
    where the whole line is at fault. ``field`` is the faulty field or empty; ``raw`` is the line as it stood, with
    undecodable bytes as surrogates.
    """

    line: int
    column: int
    field: str
    reason: str
    raw: str
    taken_without_field: bool = False

    def __str__(self) -> str:
        where = f"Line {self.line}"
        if self.column:
            where += f", column {self.column}"
        if self.field:
            where += f", {self.field}"
        without = " Taken without this field." if self.taken_without_field else ""
        return f"{where}: {self.reason}{without}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file's lines.

    ``created`` (restored ones included), ``changed`` and ``deleted`` count lines, ``people`` the users they name,
    ``events`` what they come to in the log. ``readable`` says whether the file could be read to its end, ``accepted``
    whether it is taken, ``written`` whether the log has it now. ``header`` is the line that every file of this format
    must begin with, or empty. ``outcome`` is a digest of what became of each line, and of the user's state it met.
    """

    created: int
    changed: int
    deleted: int
    people: int
    events: int
    refusals: tuple[RefusedLine, ...]
    readable: bool
    accepted: bool
    written: bool
    header: str = ""
    outcome: str = ""

    def comes_out_as(self, other: ImportReport) -> bool:
        """Say whether another import of the same file has the same outcome, whether or not it was written."""
        return replace(self, written=other.written) == other

    def summary(self, *, would: bool = False) -> str:
        """Return one sentence for people; ``would`` for what has not been done."""
        parts = [f"{self.created:,} created", f"{self.changed:,} changed", f"{self.deleted:,} deleted"]
        without = sum(refusal.taken_without_field for refusal in self.refusals)
        refused = len(self.refusals) - without
        if without:
            parts.append(f"{without:,} taken without a field")
        if refused:
            parts.append(f"{refused:,} refused")
        verb = "Would import" if would else "Imported"
        people = "1 person" if self.people == 1 else f"{self.people:,} people"
        unchanged = "" if self.events else " Nothing changes." if would else " Nothing changed."
        return f"{verb} {people}: {', '.join(parts)}.{unchanged}"

    def left_out(self) -> Iterator[str]:
        """Yield the refused lines as they were, to be corrected and imported again.

        Lines of JSON get the reason in a key ``refused``, which an import ignores.
        """
        if not self.readable:
            return
        if self.header:
            yield self.header + "\n"
        for refusal in self.refusals:
            yield (refusal.raw if self.header else _with_reason(refusal)) + "\n"


def _with_reason(refusal: RefusedLine) -> str:
    line = refusal.raw.rstrip()
    if not (line.startswith("{") and line.endswith("}")):
        return line
    reason = {
        "line": refusal.line,
        "field": refusal.field or None,
        "reason": refusal.reason,
        "taken_without_field": refusal.taken_without_field,
    }
    before = line[:-1].rstrip()
    comma = "" if before.endswith("{") else ", "
    return f'{before}{comma}"refused": {json.dumps(reason, ensure_ascii=False)}}}'
