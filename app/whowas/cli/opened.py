"""An open directory as commands ask about it: users by any name, moments by any text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from whowas.domain.errors import RefusedError
from whowas.domain.fields import is_id, shortened
from whowas.domain.named_moments import NOW
from whowas.domain.users import User
from whowas.interchange import iso_moments
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.find_user import user_called
from whowas.projections.queries.named_moments import moment_named
from whowas.projections.sides.as_known import known_by
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent

_START = (-(2**62), 0)
"""The timeline key before every event."""

_LAST_POSITION = 2**62
"""Sorts behind every event of the same microsecond."""

_DIGITS = 18
"""Longer numbers are no positions, and Python does not read every number."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open directory with its read side brought up.

    ``read_side`` and ``index`` know what was recorded up to ``position``. Where that is less than is known today,
    ``today`` is the directory as it is known today: a question is asked in the words of today. ``in_part`` says that
    the directory is damaged, and ends here before that.
    """

    log: EventLog
    read_side: ReadSide
    index: VersionIndex
    position: int
    today: Opened | None = None
    in_part: bool = False

    def moment(self, text: str) -> int:
        """Return the moment that ``text`` names, by when things occurred. Raises RefusedError."""
        return self.index.now if text == NOW else self.index.steps.moment_of(*self._key(text, by="occurred_at"))

    def occurred_at(self, text: str) -> int:
        """Return the moment of the calendar (UTC µs) that ``text`` names, a position by when its event occurred.

        Raises RefusedError.
        """
        when = self._key(text, by="occurred_at")[0]
        if when == _START[0]:
            raise RefusedError("moment", f"“{shortened(text)}” is before everything, and no moment of the calendar.")
        return when

    def known_by(self, text: str) -> int:
        """Return the last position that was known at the moment that ``text`` names. Raises RefusedError."""
        if text == NOW:
            return self.position
        return known_by(self.read_side.read_model, *self._key(text, by="recorded_at"))

    @property
    def todays_index(self) -> VersionIndex:
        """The index of all that is known today: its names of groups, fields and moments are those asked with."""
        return (self.today or self).index

    def users(self, numbers: Iterable[int]) -> Iterator[User]:
        """Yield the users of version rows, one at a time."""
        return (row.user for row in self.read_side.each(list(numbers)) if row is not None)

    def find(self, who: str) -> str | None:
        """Return the id of the user called ``who``, now or ever, or None."""
        found = user_called(self.read_side.read_model, who)
        return self.today.find(who) if found is None and self.today is not None else found

    def erasure_of(self, who: str) -> RecordedEvent | None:
        """Return the event that erased the user with the id ``who``, or None."""
        return self.log.erasure_of(who.lower()) if is_id(who.lower()) else None

    def _key(self, text: str, *, by: Literal["occurred_at", "recorded_at"]) -> tuple[int, int]:
        """Return (UTC microseconds, position) of what ``text`` names, by which one of the two clocks orders events.

        A named moment has a key by ``occurred_at``; by ``recorded_at`` it stands for the time of the last event
        before it.
        """
        if text.startswith("#"):
            recorded = self._event_at(text)
            return _START if recorded is None else (getattr(recorded, by), recorded.position)
        try:
            return iso_moments.parsed(text), _LAST_POSITION
        except ValueError as error:
            named = moment_named(self.todays_index, text)
            if named is None:
                sentence = f"“{shortened(text)}” is neither a moment, like 2020-03-03T14:05, nor the name of one."
                raise RefusedError("moment", sentence) from error
            return named.place if named.position else _START

    def _event_at(self, text: str) -> RecordedEvent | None:
        """Return the event at the position that ``text`` names, None for #0."""
        digits = text[1:]
        is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS
        if not is_number or int(digits) > self.log.head().position:
            raise RefusedError("moment", f"“{shortened(text)}” is not a position of this directory.")
        return next(self.log.read(int(digits) - 1, int(digits)), None)
