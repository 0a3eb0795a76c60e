"""The rows of the files of one import: read and mapped once, and kept with the numbers by which they are matched."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

import msgspec

from whowas.domain.errors import RefusedError
from whowas.domain.fields import listed
from whowas.domain.progress import Progress, begin_phase
from whowas.interchange.entries import UnreadableError
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.matching.decided_rows import DecidedRows
from whowas.interchange.importing.matching.met_users import MetUsers
from whowas.interchange.importing.people.keys import TELLING, hashed, key_label, key_reader, name_of
from whowas.interchange.importing.told.outcomes import Outcomes, Refusal, RowPlace
from whowas.interchange.importing.told.spool import Spool, is_plain, unpacked
from whowas.interchange.mapping.list_mapping import ListRow, UnusableRow
from whowas.interchange.reading.table import Row, UnreadableRow
from whowas.interchange.user_record import Record

NOBODY, SEVERAL, NOT_GIVEN = -1, -2, -3
"""What stands for the owner of a key where nobody has it, two users have it, or the row has no such key."""

REPORT_EVERY = 100

_MOST_COLUMNS = 1_000

_Kept = tuple[int, str, int | Mapping[str, int], Record, Refusal | None]
"""A row as it is kept: its line and text, where its fields stand, what it says, why a field was left out."""

_decode = msgspec.msgpack.Decoder(_Kept).decode


EMPTY = Record({}, {})


Owners = Callable[[str, str], tuple[str, ...]]
"""Given a key and the comparison form of its value, return the ids of the users in the directory who have it.

None stands for a directory that is empty."""


class Rows:
    """Rows by number, in the order of the files.

    ``hashes`` maps keys to the hash of each row's value, 0 for none; ``owners`` to the number of the user in the
    directory who has it, or NOBODY, SEVERAL, NOT_GIVEN; ``several`` lists the owners where there are several, by row
    and key. ``gives_up_email`` says of a row whether its user has no email after it. ``broken`` says that a file could
    not be read to its end; ``nameless`` counts rows of which nobody can say whom they are about;
    ``have_other_emails`` says whether some have more emails than the one that is taken. ``decided`` has what a person
    decided about rows; the outcome of those that are left out is not told here.
    """

    def __init__(self, rules: ImportRules, owners: Owners | None) -> None:
        self.keys = tuple(dict.fromkeys((*rules.keys, *TELLING, "name")))
        self.users = MetUsers()
        self.hashes = {key: array("q") for key in self.keys}
        self.owners = {key: array("i") for key in self.keys}
        self.gives_up_email = bytearray()
        self.several: dict[tuple[int, str], list[int]] = {}
        self.header = ""
        self.broken = False
        self.nameless = 0
        self.have_other_emails = False
        self.decided = DecidedRows(rules.decisions)
        self._asked = rules.keys
        self._explicit = rules.keys != ImportRules().keys
        self._skip_refused = rules.skip_refused
        self._spool = Spool()
        self._columns: list[Mapping[str, int]] = [{}]
        self._files: list[str] = []
        self._begins: list[int] = []
        self._readers = tuple(
            (key, key_reader(key), self.hashes[key].append, self.owners[key].append) for key in self.keys
        )
        self._owners = owners

    def __len__(self) -> int:
        return len(self._spool)

    def read(
        self, inputs: Sequence[ListInput], outcomes: Outcomes, progress: Progress, first: int | None = None
    ) -> None:
        """Read all files, or their ``first`` rows; of rows that cannot be taken the outcome is told.

        Raises CancelledError, StoreError, or RefusedError where something is decided about a row that is not there.
        """
        begin_phase(progress, "reading")
        for given in inputs:
            if first is not None and len(self) >= first:
                break
            self._files.append(given.source.name)
            self._begins.append(len(self))
            self.header = self.header or given.table.header
            try:
                self._read(given, outcomes, progress, None if first is None else first - len(self))
            except UnreadableError as error:
                self.broken = True  # which is told whatever is decided about the rows
                self._refuse(
                    outcomes, ListRow(error.line, "", EMPTY, {}), Refusal(error.column, "", str(error), error.advice)
                )

        if first is None and not self.broken:
            self.decided.require_met(self._files)

    def row(self, number: int) -> tuple[ListRow, Refusal | None]:
        """Return what a row says, and why a field of it was left out already."""
        line, raw, columns, record, fault = self._kept(number)
        where = self._columns[columns] if isinstance(columns, int) else columns
        return ListRow(line, raw, record, where), fault

    def file_of(self, number: int) -> str:
        """Return the name of the file that a row stands in."""
        return self._files[bisect_right(self._begins, number) - 1]

    def place(self, number: int, other: int) -> str:
        """Return where the row ``other`` stands, as a row of the file of ``number`` would say it."""
        line = self._kept(other)[0]
        file = self.file_of(other)
        return f"line {line}" if file == self.file_of(number) else f"line {line} of {file}"

    def _read(self, given: ListInput, outcomes: Outcomes, progress: Progress, most: int | None) -> None:
        mapped = given.mapping.row
        for count, row in enumerate(islice(given.table.rows(), most)):
            if count % REPORT_EVERY == 0:
                progress(len(self), 0)
            match row:
                case UnreadableRow(line, raw, column, reason):
                    self._refuse(outcomes, ListRow(line, raw, EMPTY, {}), Refusal(column, "", reason))
                case Row():
                    self._take(mapped(row), outcomes)

    def _take(self, listed_row: ListRow | UnusableRow, outcomes: Outcomes) -> None:
        if isinstance(listed_row, ListRow):
            self._keep(listed_row, outcomes)
            return
        fault = Refusal(listed_row.column, listed_row.field, listed_row.reason, listed_row.advice)
        if listed_row.rest is not None:
            self._keep(listed_row.rest, outcomes, fault, None if self._skip_refused else fault)
        elif listed_row.known is not None:
            self._keep(listed_row.known, outcomes, None, fault)
        else:
            self._refuse(outcomes, ListRow(listed_row.line, listed_row.raw, EMPTY, {}), fault)

    def _refuse(self, outcomes: Outcomes, row: ListRow, refusal: Refusal) -> None:
        """Keep a row of which nothing can be understood."""
        self.nameless += 1
        number = self._add(row, refusal)
        for _, _, add_hash, add_owner in self._readers:
            add_hash(0)
            add_owner(NOT_GIVEN)
        self.gives_up_email.append(0)
        if self.broken or number not in self.decided.left_out:
            outcomes.tell(number, RowPlace(self._files[-1], row.line, row.raw), "refused", refusal=refusal)

    def _keep(
        self, row: ListRow, outcomes: Outcomes, fault: Refusal | None = None, refusal: Refusal | None = None
    ) -> None:
        """Keep a row, of which a field may be left out for its ``fault``, and tell of a ``refusal`` where there is."""
        record = row.record
        number = self._add(row, fault)
        self.have_other_emails = self.have_other_emails or bool(record.other_emails)
        for key, read, add_hash, add_owner in self._readers:
            try:
                value = read(record)
            except RefusedError as error:
                value = ""
                if key in self._asked:
                    refusal = refusal or Refusal(row.columns.get(key, 0), key, str(error))
            if not value:
                add_hash(0)
                add_owner(NOT_GIVEN)
                continue
            add_hash(hashed(value))
            add_owner(self._owner(number, key, value) if self._owners is not None else NOBODY)
        cleared = "email" in record.texts and not record.texts["email"]
        self.gives_up_email.append(cleared or record.status == "deleted")
        if refusal is None and self._explicit and not any(self.hashes[key][number] for key in self._asked):
            refusal = None if self.decided.says_who(number) else self._blank(row)
        if refusal is not None:
            unread = refusal.field in self._asked and not any(self.owners[key][number] >= 0 for key in self._asked)
            self.nameless += unread or not any(self.hashes[key][number] for key in self._asked)
        if refusal is not None and number not in self.decided.left_out:
            place = RowPlace(self._files[-1], row.line, row.raw)
            outcomes.tell(number, place, "refused", name=name_of(record), refusal=refusal)

    def _add(self, row: ListRow, fault: Refusal | None) -> int:
        """Keep a row; where fields stand is mostly the same as in the row before, and kept once."""
        columns: int | Mapping[str, int] = row.columns
        if columns == self._columns[-1]:
            columns = len(self._columns) - 1
        elif len(self._columns) < _MOST_COLUMNS:
            self._columns.append(row.columns)
            columns = len(self._columns) - 1
        number = self._spool.add((row.line, row.raw, columns, row.record, fault))
        self.decided.meet(number, self._files[-1], row.line)
        return number

    def _kept(self, number: int) -> _Kept:
        data = self._spool.data(number)
        kept: _Kept = msgspec.convert(unpacked(data), _Kept) if is_plain(data) else _decode(data)
        return kept

    def _owner(self, number: int, key: str, value: str) -> int:
        owners = self._owners(key, value) if self._owners is not None else ()
        if not owners:
            return NOBODY
        numbers = [self.users.number(owner) for owner in owners]
        if len(numbers) == 1:
            return numbers[0]
        self.several[number, key] = numbers
        return SEVERAL

    def _blank(self, row: ListRow) -> Refusal:
        names = [key_label(key) for key in self._asked]
        column = row.columns.get(self._asked[0], 0)
        if len(names) == 1:
            return Refusal(column, self._asked[0], f"{names[0]} is the key asked for, and it is blank here.")
        return Refusal(0, "", f"All keys asked for are blank here: {listed(names)}.")
