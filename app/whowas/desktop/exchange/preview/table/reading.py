"""The rows of a preview as they are looked at: read when they are first wanted, with what was decided about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.exchange.preview.words.row_words import RowWords, key_of, spoken_changes, whole, words_of
from whowas.domain.errors import StoreError
from whowas.interchange.importing.given.rules import Decision, LeaveOut, NewUser, RowKey, SameAs
from whowas.interchange.importing.told.outcome import RowOutcome

Names = Callable[[Sequence[str]], Mapping[str, str]]
"""Returns what users are called by their ids: "Ada Osei, ada@example.org"."""

_KEPT: Final = 2_048


class RowReader:
    """Reads rows by their numbers and remembers the last of them."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._rows: PreviewRows | None = None
        self._read: dict[int, RowOutcome] = {}
        self._words: dict[int, RowWords] = {}
        self._decisions: dict[RowKey, Decision] = {}
        self._waiting: dict[RowKey, Decision | None] = {}
        self._in_rows: dict[RowKey, Decision] = {}

    @property
    def rows(self) -> PreviewRows | None:
        """The rows that are read, None before there are any."""
        return self._rows

    def turn_to(self, rows: PreviewRows) -> None:
        """Read other rows from now on; what was decided stays until it is in them."""
        self._rows = rows
        self._read.clear()
        self._words.clear()
        # What was taken back is told by the rows; whether a decision is in them, each row tells itself.
        self._waiting = {key: said for key, said in self._waiting.items() if said is not None}
        self._in_rows = dict(self._decisions)

    def read_all(self, numbers: Iterable[int]) -> None:
        """Read rows that will be wanted; what cannot be read any more is a refused row that says why."""
        assert self._rows is not None, "there are rows to be shown"
        if len(self._read) > _KEPT:
            self._read.clear()
            self._words.clear()
        for number in numbers:
            if number not in self._read:
                try:
                    self._read[number] = self._rows.outcomes[number]
                except StoreError as error:
                    self._read[number] = RowOutcome("", 0, "refused", reason=str(error))

    def has_read(self, number: int) -> bool:
        """Say whether a row is remembered."""
        return number in self._read

    def outcome(self, number: int) -> RowOutcome:
        """Return what became of a row."""
        if number not in self._read:
            self.read_all([number])
        return self._read[number]

    def words(self, number: int) -> RowWords:
        """Return what is painted of a row."""
        if number not in self._words:
            assert self._rows is not None, "there are rows to be shown"
            outcome = self.outcome(number)
            decided, decision = self._waits(outcome)
            who = self._names([decision.user_id]).get(decision.user_id, "") if isinstance(decision, SameAs) else ""
            self._words[number] = words_of(
                outcome,
                tense=self._rows.tense,
                several_files=self._rows.several_files,
                decided=decided,
                decision=decision,
                who=who,
            )
        return self._words[number]

    def spoken_changes(self, number: int) -> str:
        """Return what changes in a row as a sentence to be read out."""
        assert self._rows is not None, "there are rows to be shown"
        return spoken_changes(self.words(number), self.outcome(number), tense=self._rows.tense)

    def whole(self, number: int) -> str:
        """Return all that is known of a row as lines of plain text."""
        assert self._rows is not None, "there are rows to be shown"
        return whole(self.words(number), self.outcome(number), tense=self._rows.tense)

    def called(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return what users are called by their ids."""
        return self._names(ids)

    def decision(self, number: int) -> Decision | None:
        """Return what was decided about a row."""
        key = key_of(self.outcome(number))
        return None if key is None else self._decisions.get(key)

    def decide(self, number: int, decision: Decision | None) -> RowKey | None:
        """Decide about a row, None taking back what was decided; return its key, None where it stands in no file."""
        key = key_of(self.outcome(number))
        if key is None:
            return None
        if decision is None:
            self._decisions.pop(key, None)
        else:
            self._decisions[key] = decision
        self._waiting[key] = decision
        self._words.pop(number, None)
        return key

    def forget_decisions(self) -> None:
        """Forget what was decided, because lines are others from now on."""
        self._decisions.clear()
        self._waiting.clear()
        self._in_rows.clear()
        self._words.clear()

    def _waits(self, outcome: RowOutcome) -> tuple[bool, Decision | None]:
        """Say whether something was decided about a row that is not in its outcome yet, and what."""
        key = key_of(outcome)
        if key is None or key not in self._waiting:
            return False, None
        decision, before = self._waiting[key], self._in_rows.get(key)
        match decision:
            case LeaveOut():
                return outcome.what != "left_out", decision
            case NewUser() | SameAs():
                return outcome.what in ("similar", "left_out") or decision != before, decision
            case None:
                # What was taken back before it was looked at leaves the row as it stands.
                return outcome.what == "left_out" or isinstance(before, NewUser | SameAs), None
