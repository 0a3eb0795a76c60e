"""The last rows of the users that were folded lately, which the projector then need not read again."""

from __future__ import annotations

from array import array
from itertools import islice
from typing import Any

import apsw

from whowas.domain.users import User
from whowas.projections.tables import row_codec, schema
from whowas.store.gc_pauses import let_go

USERS_HELD = 250_000
"""When there are more users, those who were folded longest ago are let go. Each takes some 700 bytes, as measured."""

LONG_ROW = 2_000
"""Users whose texts take more bytes are let go as soon as their rows are written."""

Row = list[Any]
"""A version row while it is folded: the values of User in their order, then those below."""

NUMBER, USER, BEGINS, ACTOR = range(len(User._fields), len(User._fields) + 4)
"""The row's number and the user's, the step with which it begins, and who made that."""

_SELECT_USER = "SELECT number FROM user WHERE user_id = ?"
_SELECT = f"SELECT {schema.USER_COLUMNS}, number, user, begins, actor FROM version_row"  # noqa: S608 (of constants)
_SELECT_ROW = f"{_SELECT} WHERE number = ?"
_SELECT_LAST = f"{_SELECT} WHERE user = ? ORDER BY number DESC LIMIT 1"


class LatestUsers:
    """The last rows of users, by id, in one read model, for as long as nobody else has committed to it.

    The one who was folded longest ago comes first. Of a read model that is made from nothing ``last_rows`` has the
    number of every user's last row, by the number of the user, so that no lookup is needed that is not laid yet.
    """

    __slots__ = ("_commits", "last_rows", "rows")

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.last_rows: array[int] | None = None
        self._commits = 0

    def begin(self, commits: int) -> None:
        """Let go of all where the count of commits is another than after the last batch."""
        if commits != self._commits:
            self.forget()
        self._commits = commits + 1

    def begin_from_nothing(self) -> None:
        """Keep the numbers of all last rows from now on; there are no users yet."""
        self.last_rows = array("q", [0])

    def read(self, connection: apsw.Connection, user_id: str) -> Row | None:
        """Return the last row of a user who is not among those held, or None for one who has none."""
        found = connection.execute(_SELECT_USER, (user_id,)).fetchone()
        if found is None:
            return None
        (user,) = found
        if self.last_rows is None:
            columns = connection.execute(_SELECT_LAST, (user,)).fetchone()
        else:
            columns = connection.execute(_SELECT_ROW, (self.last_rows[user],)).fetchone()
        if columns is None:
            return None
        return [*row_codec.decode_user(user_id, columns[:-4]), *columns[-4:]]

    def written(self, row: Row, text_bytes: int) -> None:
        """Take note that a row, whose texts take so many bytes, was written as the last of its user."""
        if self.last_rows is not None:
            user = row[USER]
            if user == len(self.last_rows):
                self.last_rows.append(row[NUMBER])
            else:
                self.last_rows[user] = row[NUMBER]
        if text_bytes > LONG_ROW:
            self.rows.pop(row[0], None)

    def let_go_of_most_distant(self) -> None:
        """Hold no more than USERS_HELD; all their rows must have been written."""
        for user_id in list(islice(self.rows, max(len(self.rows) - USERS_HELD, 0))):
            del self.rows[user_id]

    def forget(self) -> None:
        """Let go of all."""
        let_go(self.rows)
        self.last_rows = None
