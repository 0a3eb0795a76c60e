"""What a person decided about single rows, by the numbers of these rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.interchange.importing.given.rules import Decision, LeaveOut, NewUser, RowKey, SameAs


class DecidedRows:
    """The decisions about the rows that were met so far; ``left_out``, ``new`` and ``same_as`` are by their numbers.

    ``same_as`` maps them to the ids of users.
    """

    def __init__(self, decisions: Mapping[RowKey, Decision]) -> None:
        self.left_out: set[int] = set()
        self.new: set[int] = set()
        self.same_as: dict[int, str] = {}
        self._decisions = decisions
        self._met: set[RowKey] = set()

    def meet(self, number: int, file: str, line: int) -> None:
        """Look at what is decided about the row of that number."""
        if not self._decisions or (key := (file, line)) not in self._decisions:
            return
        self._met.add(key)
        match self._decisions[key]:
            case LeaveOut():
                self.left_out.add(number)
            case NewUser():
                self.new.add(number)
            case SameAs(user_id):
                self.same_as[number] = user_id

    def says_who(self, number: int) -> bool:
        """Say whether a person said whom a row is about, so that it needs no key for that."""
        return number in self.new or number in self.same_as

    def require_met(self, files: Collection[str]) -> None:
        """Raise RefusedError where something is decided about a row of these files that is not there."""
        unmet = (key for key in self._decisions.keys() - self._met if key[0] in files)
        first = min(unmet, default=None)
        if first is not None:
            raise refused_decision(*first)


def refused_decision(file: str, line: int) -> RefusedError:
    """Return why a decision about a row that is not there refuses the import."""
    reason = f"Something was decided about line {line:,} of “{shortened(file)}”, where no row is: the file changed."
    return RefusedError("decisions", reason)
