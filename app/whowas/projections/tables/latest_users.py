"""The last rows of the users that were folded lately, which the projector then need not read again."""

from __future__ import annotations

from array import array
from itertools import islice
from typing import Any

import apsw

from whowas.domain.users import User
from whowas.projections.tables import row_codec, schema
from whowas.store.gc_pauses import let_go

USERS_HELD = 200_000
"""When there are more users, those who came first are let go. Each takes some 700 bytes, as measured."""

Row = list[Any]
"""A version row while it is folded: the values of User in their order, then those below."""

NUMBER, USER, BEGINS, ACTOR = range(len(User._fields), len(User._fields) + 4)
"""The row's number and the user's, the step with which it begins, and who made that."""

ATTRIBUTES = User._fields.index("attributes")

_SELECT_USER = "SELECT number FROM user WHERE user_id = ?"
_SELECT = f"SELECT {schema.USER_COLUMNS}, number, user, begins, actor FROM version_row"  # noqa: S608 (of constants)
_SELECT_ROW = f"{_SELECT} WHERE number = ?"
_SELECT_LAST = f"{_SELECT} WHERE user = ? ORDER BY number DESC LIMIT 1"


class LatestUsers:
    """The last rows of users, by id, in one read model, for as long as nobody else has committed to it.

    Of a read model that is made from nothing ``last_rows`` has the number of every user's last row, by the number of
    the user, so that no lookup is needed that is not laid yet.
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

    def written(self, rows: list[Row], long_rows: set[str]) -> None:
        """Take note that rows were written, and let go of the users with long ones, and of those who are too many."""
        if (last_rows := self.last_rows) is not None:
            for row in rows:
                user = row[USER]
                if user == len(last_rows):
                    last_rows.append(row[NUMBER])
                else:
                    last_rows[user] = row[NUMBER]
        for user_id in (*long_rows, *islice(self.rows, max(len(self.rows) - USERS_HELD, 0))):
            self.rows.pop(user_id, None)

    def forget(self) -> None:
        """Let go of all."""
        let_go(self.rows)
        self.last_rows = None
