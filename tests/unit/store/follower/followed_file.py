"""A directory file in the place of the server that is followed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from whowas.store.chain import ChainedRow, Head
from whowas.store.event_log import EventLog


class FollowedFile:
    """A log that hands out pages of ``rows_a_page`` rows; if ``hides_passwords``, as a server does to readers."""

    def __init__(self, log: EventLog, rows_a_page: int = 5_000, *, hides_passwords: bool = False) -> None:
        self.log = log
        self._rows_a_page = rows_a_page
        self._hides_passwords = hides_passwords

    def head(self) -> Head:
        return self.log.head()

    def chain_at(self, position: int) -> bytes | None:
        return self.log.chain_at(position)

    def pages(self, after: int, through: int | None = None) -> Iterator[list[ChainedRow]]:
        rows = islice(self.log.rows(), after, through)
        while page := list(islice(rows, self._rows_a_page)):
            yield [self._shown(row) for row in page]

    def _shown(self, row: ChainedRow) -> ChainedRow:
        columns, digest, chain, salt, body = row
        is_hidden = self._hides_passwords and columns[4] == "PasswordSet"
        return (columns, digest, chain, None, None) if is_hidden else (columns, digest, chain, salt, body)


def owners(path: Path) -> list[list[tuple[str, bytes]]]:
    """Return both tables of owners."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("email_owner", "external_id_owner")
        ]
