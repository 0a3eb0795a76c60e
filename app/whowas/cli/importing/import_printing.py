"""What ``import`` prints: a line of JSON for each record, or a short answer and what is to be said about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from whowas.cli.printing import notify, say, say_json
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.interchange import iso_moments
from whowas.interchange.importing.ready import FileRefusedError
from whowas.interchange.importing.told.outcome import WHATS, ImportOutcome, RowOutcome
from whowas.interchange.importing.told.sentences import (
    not_wholly_taken,
    recognised,
    sentence_of,
    summary,
    with_advice,
)

_DECIDED = "left_out"
"""What becomes of rows only where somebody decides about single ones, for which there is no option."""


class ImportAnswer:
    """Prints one outcome; ``called`` maps the names of its files to how they were given on the command line."""

    def __init__(self, outcome: ImportOutcome, called: Mapping[str, str], *, dry_run: bool) -> None:
        self._outcome = outcome
        self._called = called
        self._would = dry_run or not outcome.accepted

    def summary(self) -> str:
        """Return what was done, or would be done, in one sentence or two."""
        return summary(self._outcome, would=self._would)

    def say_json(self) -> None:
        """Print a line for each record, and last the summary."""
        for row in self._outcome.rows:
            say_json(self._row_json(row))
        say_json(
            {
                "summary": {what: count for what, count in self._outcome.counts.items() if what != _DECIDED},
                "left_out": list(self._outcome.left_out),
                "fields": list(self._outcome.fields),
                "groups": list(self._outcome.groups),
            }
        )

    def say_summary(self) -> None:
        """Print what was done, where it was."""
        if self._outcome.accepted:
            say(self.summary())

    def notify(self) -> None:
        """Say on stderr what was recognised, who is missing, and what is left out or refused."""
        outcome = self._outcome
        for sentence in recognised(outcome, advised=True):
            notify(sentence)
        by_rows = outcome.readable
        for row in not_wholly_taken(outcome):
            notify(sentence_of(row, several_files=len(self._called) > 1, advised=True))
            by_rows = by_rows and row.line > 0
        if not outcome.accepted:
            if outcome.readable:
                notify(self.summary())
            notify("Nothing was written. Use --skip-refused to take the rest." if by_rows else "Nothing was written.")

    def _row_json(self, row: RowOutcome) -> dict[str, Any]:
        since = {} if row.occurred_at is None else {"true_since": iso_moments.written(row.occurred_at)}
        return {
            "line": row.line or None,
            "file": self._called.get(row.file, row.file) or None,
            "what": row.what,
            "id": row.user_id or None,
            "name": row.name or None,
            "changes": {name: [_value(old), _value(new)] for name, (old, new) in row.changes.items()},
            "column": row.column or None,
            "reason": with_advice(row.reason, row.advice) or None,
            **since,
        }


def _value(value: str | tuple[str, ...] | None) -> str | list[str] | None:
    return list(value) if isinstance(value, tuple) else value


def lines_to_correct(outcome: ImportOutcome) -> Iterator[str]:
    """Yield the rows left out as they were, below the header, to be corrected and imported again.

    Lines of JSON get the reason in a key ``refused``, which an import ignores.
    """
    if outcome.header:
        yield outcome.header + "\n"
    for row in not_wholly_taken(outcome):
        yield (row.raw if outcome.header else _with_reason(row)) + "\n"


def _with_reason(row: RowOutcome) -> str:
    line = row.raw.rstrip()
    if not (line.startswith("{") and line.endswith("}")):
        return line
    reason = {
        "line": row.line,
        "field": row.field.removeprefix(ATTRIBUTE_PREFIX) or None,
        "reason": with_advice(row.reason, row.advice),
        "taken_without_field": row.taken_without_field,
    }
    before = line[:-1].rstrip()
    comma = "" if before.endswith("{") else ", "
    return f'{before}{comma}"refused": {json.dumps(reason, ensure_ascii=False)}}}'


def refused_as_a_whole(error: RefusedError) -> ImportOutcome:
    """Return the outcome of an import of which one file could not be read at all, or not as a list of people."""
    place = (error.file, error.line, error.column) if isinstance(error, FileRefusedError) else ("", 0, 0)
    row = RowOutcome(*place[:2], "refused", column=place[2], reason=str(error), advice=error.advice)
    counts = {what: int(what == "refused") for what in WHATS}
    return ImportOutcome(
        (row,),
        counts,
        suspended=0,
        deleted=0,
        events=0,
        left_out=(),
        fields=(),
        groups=(),
        said=(),
        readable=False,
        accepted=False,
        written=False,
        header="",
    )
