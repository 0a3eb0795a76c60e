"""One row of a list, as what it says of one user."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache, partial

from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, MULTILINE, is_id, shortened
from whowas.domain.users import Status
from whowas.interchange.mapping.chosen import DayOrder
from whowas.interchange.mapping.columns import Columns
from whowas.interchange.mapping.day_cells import held_day
from whowas.interchange.mapping.group_cells import split_groups, split_own_groups
from whowas.interchange.mapping.list_row import ListRow, UnusableRow
from whowas.interchange.mapping.person_names import name_with
from whowas.interchange.mapping.roles import Role
from whowas.interchange.mapping.status_words import BLANK, has_year, status_of_number, word_key
from whowas.interchange.reading.table import Row
from whowas.interchange.reading.visible_text import is_blank
from whowas.interchange.user_record import Record

KEYS = ("id", "external_id", "email", "status")
"""Fields without which a row would be about somebody else, or would make somebody active."""

_SINGLE_VALUES = frozenset(LABELS) - MULTILINE
"""Fields of which a cell may have several values, the first of which is taken."""

_GRAVITY: Mapping[Status, int] = {"active": 0, "suspended": 1, "deleted": 2}


class _UnusableError(Exception):
    """A cell that cannot be used, where the row may be taken without its field."""

    def __init__(self, field: str, column: int, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.field = field
        self.column = column
        self.advice = advice


class RowMapper:
    """Says what a row says, by ``columns``.

    ``words`` are those for a status under each of the roles; ``between_values`` separates several values in a cell.
    ``exact`` are columns whose cells are taken to the letter; ``own`` says that all are, blank ones too, as our own
    export has them. ``clear`` makes a blank cell clear its field. ``days`` are the columns of fields that hold days,
    of which ``day_order`` says what comes first, see ``held_day``.
    """

    def __init__(
        self,
        columns: Columns,
        words: Mapping[Role, Mapping[str, Status]],
        separators: tuple[str, ...],
        between_values: str,
        *,
        exact: Collection[int],
        own: bool,
        clear: bool,
        days: Collection[int] = (),
        day_order: DayOrder | None = None,
    ) -> None:
        self._columns = columns
        self._days, self._day_order = days, day_order
        self._words = words
        self._between_values = between_values
        self._exact = exact
        self._own = own
        self._clear = clear
        self._asks_whether_active = any(role == "enabled" for _, role in columns.statuses)
        self._texts = tuple((name, places) for name, places in columns.fields.items() if name in LABELS)
        self._attributes = tuple(
            (name, places) for name, places in columns.fields.items() if name.startswith(ATTRIBUTE_PREFIX)
        )
        # The same cells come again and again: looking them up saves half of the time for a row.
        self._split = lru_cache(split_own_groups if own else partial(split_groups, separators=separators))
        self._status_of = lru_cache(self._status_said)

    def __call__(self, row: Row) -> ListRow | UnusableRow:
        """Return what a row says, or why it cannot be taken."""
        try:
            said = self._said(row, frozenset())
        except _UnusableError as fault:
            others = self._without(row, fault.field)
            rest, known = (None, others) if fault.field in KEYS else (others, None)
            place = fault.field, fault.column + 1
            return UnusableRow(row.line, row.raw, *place, str(fault), rest, known, fault.advice)
        if not _says_something(said.record):
            reason = "None of the cells in this row is in a column that is taken in."
            return UnusableRow(row.line, row.raw, "", 0, reason)
        return said

    def words_of_status(self, row: Row) -> Iterator[tuple[str, Status | None]]:
        """Yield each word of the row that says a status, and what it is taken for, None for unknown.

        Where all such cells are blank that is BLANK, and what somebody says of it. A date or number that says a status
        by its form alone is no word.
        """
        blank = bool(self._columns.statuses)
        for column, role in self._columns.statuses:
            cell = row.cells[column]
            if is_blank(cell):
                continue
            blank = False
            status = self._status_of(cell if self._own else cell.strip(), role)
            if status is None or word_key(cell) in self._words[role]:
                yield cell.strip(), status
        if blank:
            yield BLANK, self._words["status"].get(BLANK)

    def _without(self, row: Row, field: str) -> ListRow | None:
        try:
            said = self._said(row, frozenset((field,)))
        except _UnusableError:
            return None
        return said if _says_something(said.record) else None

    def _said(self, row: Row, left: frozenset[str]) -> ListRow:
        texts: dict[str, str | None] = {}
        attributes: dict[str, str | None] = {}
        places: dict[str, int] = {}
        for name, columns in self._texts:
            if name not in left:
                column, text = self._filled(row, columns, name)
                places[name] = column + 1
                if text or self._clear:
                    texts[name] = text
        for name, columns in self._attributes:
            if name not in left:
                column, text = self._filled(row, columns, name)
                places[name] = column + 1
                if text and column in self._days:
                    text = self._day(text, column, name)
                if text or self._clear:
                    attributes[name.removeprefix(ATTRIBUTE_PREFIX)] = text
        self._name(row, texts, places, left)
        status = None if "status" in left else self._status(row, places)
        record = Record(
            texts,
            attributes,
            groups=self._groups(row, places, left),
            status=status,
            password_hash=self._password_hash(row, places, left),
            user_id=None if "id" in left else self._user_id(row, places),
            status_left_open=status is None and self._asks_whether_active,
            other_emails=() if "email" in left else self._other_emails(row, texts.get("email")),
        )
        return ListRow(row.line, row.raw, record, places)

    def _filled(self, row: Row, columns: tuple[int, ...], name: str) -> tuple[int, str | None]:
        """Return the first of these columns that is filled, and its text; the first one and None where none is."""
        for column in columns:
            text = self._text(row, column, name)
            if text is not None:
                if self._between_values and self._between_values in text and name in _SINGLE_VALUES:
                    text = next(filter(None, map(str.strip, text.split(self._between_values))), text)
                return column, text
        return columns[0], None

    def _day(self, text: str, column: int, name: str) -> str:
        try:
            return held_day(text, self._day_order)
        except RefusedError as error:
            raise _UnusableError(name, column, str(error)) from error

    def _other_emails(self, row: Row, taken: str | None) -> tuple[str, ...]:
        columns = self._columns.fields.get("email", ())
        if len(columns) < 2 or taken is None:
            return ()
        cells = (row.cells[column] for column in columns)
        parts = (
            part for cell in cells for part in (cell.split(self._between_values) if self._between_values else (cell,))
        )
        return tuple(email for part in parts if (email := part.strip()) and email != taken)

    def _text(self, row: Row, column: int, name: str) -> str | None:
        if row.faults and column + 1 in row.faults:
            raise _UnusableError(name, column, row.faults[column + 1])
        cell = row.cells[column]
        if self._own:
            return cell or None
        if not cell or (not "!" <= cell[0] <= "~" and is_blank(cell)):
            return None
        return cell if column in self._exact else cell.strip()

    def _one(self, row: Row, places: dict[str, int], name: str) -> tuple[int, str | None]:
        """Return the column of a field that has one, and its text."""
        columns = self._columns.fields.get(name)
        if columns is None:
            return 0, None
        places[name] = columns[0] + 1
        return columns[0], self._text(row, columns[0], name)

    def _name(self, row: Row, texts: dict[str, str | None], places: dict[str, int], left: frozenset[str]) -> None:
        column = self._columns.name
        first, last = texts.get("first_name"), texts.get("last_name")
        if column is None or (first and last) or not left.isdisjoint(("first_name", "last_name")):
            return
        text = self._text(row, column, "first_name")
        if text is None:
            if self._clear:
                texts.update(first_name=first, last_name=last)
            return
        for name, part in zip(
            ("first_name", "last_name"), name_with(text, first, last, self._columns.name_role), strict=True
        ):
            if part != texts.get(name):
                texts[name] = part
                places[name] = column + 1
            places.setdefault(name, column + 1)

    def _groups(self, row: Row, places: dict[str, int], left: frozenset[str]) -> tuple[str, ...] | None:
        if "groups" in left or "groups" not in self._columns.fields:
            return None
        column, text = self._one(row, places, "groups")
        if text is None:
            return () if self._clear else None
        try:
            return self._split(text)
        except RefusedError as error:
            raise _UnusableError("groups", column, str(error)) from error

    def _status(self, row: Row, places: dict[str, int]) -> Status | None:
        """Return the gravest status that the row names; blank cells say nothing, unless somebody says what they do."""
        gravest: Status | None = None
        for column, role in self._columns.statuses:
            text = self._text(row, column, "status")
            if text is None:
                places.setdefault("status", column + 1)
                continue
            status = self._status_of(text, role)
            if status is None:
                word = shortened(text.strip())
                advice = f'Say what it means, as --status "{word}=suspended".'
                raise _UnusableError("status", column, f"“{word}” is not known as a status.", advice)
            if gravest is None or _GRAVITY[status] > _GRAVITY[gravest]:
                gravest = status
                places["status"] = column + 1
        return gravest or (self._words["status"].get(BLANK) if self._columns.statuses else None)

    def _status_said(self, text: str, role: Role) -> Status | None:
        if role == "deleted_at" and has_year(text):
            return "deleted"
        known = self._words[role].get(word_key(text))
        return known or (status_of_number(text) if role == "account_control" else None)

    def _password_hash(self, row: Row, places: dict[str, int], left: frozenset[str]) -> str | None:
        if "password_hash" in left:
            return None
        column, text = self._one(row, places, "password_hash")
        if text is not None and not text.startswith("$argon2id$"):
            raise _UnusableError("password_hash", column, "A password is only ever taken as an argon2id hash.")
        return text

    def _user_id(self, row: Row, places: dict[str, int]) -> str | None:
        column, text = self._one(row, places, "id")
        if text is not None and not is_id(text.strip().lower()):
            raise _UnusableError("id", column, f"“{shortened(text)}” is not an id of Whowas (a UUID).")
        return None if text is None else text.strip().lower()


def _says_something(record: Record) -> bool:
    texts = (*record.texts.values(), *record.attributes.values())
    given = (record.groups or None, record.status, record.password_hash, record.user_id)
    return any(texts) or any(value is not None for value in given)
