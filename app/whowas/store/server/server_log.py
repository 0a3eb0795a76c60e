"""The log of one directory on a server: its rows, and the one way to append to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from whowas.domain.progress import Progress, unwatched
from whowas.store.chain import GENESIS, ChainedRow, Head
from whowas.store.decided import Decided, Moved
from whowas.store.recorded_event import to_blob
from whowas.store.server.address import ServerAddress
from whowas.store.server.directory_facts import SELECT_FACTS, facts_of
from whowas.store.server.refusals import refusals_of
from whowas.store.server.roles import Rights
from whowas.store.server.rows import arrays
from whowas.store.server.rows.calls import portion_call, whole_call
from whowas.store.server.rows.decided_rows import Appended, rows_of
from whowas.store.server.rows.two_questions import ask_both
from whowas.store.server.version import SERVER_VERSION
from whowas.store.server.waking import presence_lock_of

_ROWS_A_PAGE = 5_000
_ROWS_BESIDE = 500
"""From so many on, rows are not taken from beside an answer."""

_ASKED_BEFORE_PREPARED = 2
"""How often something is asked before the server is to remember what it means: that spares a third of a save."""

_EVENTS_A_CALL = 10_000
"""How much of a large change goes to the server at once: between two calls it can be cancelled."""

# Whatever is called here is called with the very types that PostgreSQL has it for: of functions and operators that fit
# less well, one that somebody made in the schema "public" would be taken, and carried out with the rights of who asks.
_SELECT_HEAD = "SELECT position, chain FROM {schema}.head"
_SELECT_CHAIN = "SELECT chain FROM {schema}.event WHERE position = %s"
_SELECT_PAGE = """
SELECT e.position, e.event_id, e.stream, e.version, e.type, e.schema, e.recorded_at, e.occurred_at, e.actor,
       e.change_id, e.command_id, e.causation, e.digest, e.chain, p.salt, p.body
FROM {schema}.event AS e
LEFT JOIN {schema}.payload AS p ON p.position = e.position AND p.position > %s AND p.position <= %s
WHERE e.position > %s AND e.position <= %s ORDER BY e.position
"""
"""Both tables are asked for a range with two ends: a server that has not counted its rows yet would sort all others."""
_SELECT_NOW = "SELECT (extract(epoch FROM clock_timestamp())::numeric * 1000000::numeric)::bigint"
_SELECT_PRESENT = """
SELECT DISTINCT a.usename::text FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
  AND l.classid = %s::bigint::oid AND l.objid = %s::bigint::oid
  AND pg_has_role(a.usesysid, %s::name, 'USAGE'::text)
ORDER BY 1
"""
_SELECT_NOT_FORGOTTEN = """
SELECT f.account, (extract(epoch FROM f.seen_at)::numeric * 1000000::numeric)::bigint FROM {schema}.follower AS f
WHERE f.forgotten < (SELECT max(e.position) FROM {schema}.event AS e WHERE e.type = 'UserErased') ORDER BY 2
"""
_APPEND = "SELECT * FROM {schema}.append_1(" + ", ".join(["%b"] * 27) + ")"  # noqa: S608


def _nothing() -> None:
    """Do nothing before a commit."""


class ServerLog:
    """The log of one directory through one connection, which whoever made it closes. Not for several threads at once.

    Every method raises StoreError, NotConnectedError where the connection is gone. ``rights`` are those of ``account``;
    None where it has none but sees the directory nevertheless. ``not_copied`` is whether the last commit was cut short
    while it waited for a second server: then it is saved, but on one server only.
    """

    def __init__(self, connection: psycopg.Connection[Any], address: ServerAddress) -> None:
        """Look at the directory in the schema of ``address``.

        Raises StoreError where there is none, another one than the address expects, or one of a newer version.
        """
        self.connection = connection
        self.address = address
        self.not_copied = False
        self.version = SERVER_VERSION  # as long as it is not known
        self._composed: dict[str, bytes] = {}
        arrays.teach(connection)
        connection.add_notice_handler(self._noticed)
        facts = facts_of(self.ask(SELECT_FACTS), address)
        self.directory_id, self.version, self.account = facts.directory_id, facts.version, facts.account
        self.roles, self.rights = facts.roles, facts.rights
        if facts.session == connection.info.backend_pid:  # behind a pooler, the next answer may be another process's
            connection.prepare_threshold = _ASKED_BEFORE_PREPARED

    def rights_now(self) -> Rights | None:
        """Return what ``account`` may do by now: an admin may have given it other ``rights`` since it connected."""
        return facts_of(self.ask(SELECT_FACTS), self.address).rights

    def head(self) -> Head:
        """Return the last position and the chain value there."""
        ((position, chain),) = self.ask(_SELECT_HEAD)
        return Head(position, chain)

    def chain_at(self, position: int) -> bytes | None:
        """Return the chain value at ``position``, or None when the log is shorter."""
        if position == 0:
            return GENESIS
        rows = self.ask(_SELECT_CHAIN, position)
        return rows[0][0] if rows else None

    def pages(self, after: int, through: int | None = None) -> Iterator[list[ChainedRow]]:
        """Yield the rows after position ``after``, up to and including ``through``, a page at a time.

        Salt and body are None where they are hidden from this account, or are gone with their user. No transaction is
        open between two pages.
        """
        last = self.head().position if through is None else through
        for begin in range(after, last, _ROWS_A_PAGE):
            end = min(last, begin + _ROWS_A_PAGE)
            rows = self.ask(_SELECT_PAGE, begin, end, begin, end)
            if rows:
                yield [(row[:12], *row[12:]) for row in rows]

    def append(self, decided: Decided) -> Appended | Moved:
        """Append a change in one round trip; it is committed when this returns, unless within ``locked``.

        Raises RefusedError where the account may not do that; NotConnectedError leaves unknown whether it was written:
        sent again it is written once, and the answer to the second time is ``repeated``.
        """
        self.not_copied = False
        sent, parameters = whole_call(decided, self.account)
        answer = self._answer(parameters)
        if isinstance(answer, Moved) or answer.repeated:
            return answer
        rows = list(
            rows_of(
                sent,
                decided,
                self.account,
                answer.first_position,
                answer.recorded_at,
                answer.occurred_at,
                answer.chain_before or b"",
            )
        )
        if rows[-1][2] != answer.chain_after:  # whoever follows asks the server for them, and finds out why
            rows = []
        return replace(answer, rows=rows, not_copied=self.not_copied)

    def append_and_look(self, decided: Decided) -> tuple[Appended | Moved, list[ChainedRow]]:
        """Append as ``append`` does, outside of ``locked``, and return the rows behind the head it was decided on, too.

        Both in one round trip, but two transactions. The rows end with a whole change, maybe one that came later; there
        are none where looking failed, or where there are too many. The answer itself has no rows.
        """
        self.not_copied = False
        after = decided.head.position
        _, parameters = whole_call(decided, self.account)
        appending = self._composition(_APPEND), parameters
        looking = self._composition(_SELECT_PAGE.replace("%s", "%b")), (after, after + _ROWS_BESIDE) * 2
        with refusals_of(self.address, self.version):
            answer, rows = ask_both(self.connection, appending, looking)
        if rows is None or len(rows) == _ROWS_BESIDE:
            rows = []
        return self._told(answer), [(row[:12], *row[12:]) for row in rows]

    @staticmethod
    def takes_portions(decided: Decided) -> bool:
        """Say whether a change is one for ``append_whole``: it is too large for one call, or may be."""
        return decided.whole or len(decided.events) > _EVENTS_A_CALL

    def append_whole(
        self, decided: Decided, progress: Progress = unwatched, about_to_commit: Callable[[], None] = _nothing
    ) -> Appended | Moved:
        """Append a large change, such as an import, in several calls of one transaction; all of it or nothing.

        ``progress`` may cancel until ``about_to_commit`` is called, and what that raises leaves nothing written too.
        Raises as ``append`` does, and CancelledError.
        """
        self.not_copied = False
        with self.transaction():
            appended = self._append_portions(decided, progress)
            if isinstance(appended, Appended):
                about_to_commit()
        return replace(appended, not_copied=self.not_copied) if isinstance(appended, Appended) else appended

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock during the block: nobody else can append, and what is appended is committed at its end.

        For less than 15 seconds at a time without a word to the server, which then ends it. What the block raises
        undoes what was appended in it.
        """
        self.not_copied = False
        with self.transaction():
            self.ask("SELECT {schema}.lock_1()")
            yield

    def now(self) -> int:
        """Return the time by the server's clock, in UTC microseconds."""
        return int(self.ask(_SELECT_NOW)[0][0])

    def present(self) -> list[str]:
        """Return the accounts that have a window open, by name, see ``Listener``."""
        key = presence_lock_of(self.directory_id) & 0xFFFF_FFFF_FFFF_FFFF
        return [name for (name,) in self.ask(_SELECT_PRESENT, key >> 32, key & 0xFFFF_FFFF, self.roles.reader)]

    def confirm_forgotten(self, follower_id: str, position: int) -> None:
        """Say that the follower with that id (a UUID) has forgotten everybody erased up to ``position``.

        To be said by each follower when it is made, too: others are counted as having forgotten.
        """
        self.ask("SELECT {schema}.confirm_forgotten_1(%b, %b)", to_blob(follower_id), position)

    def not_forgotten(self) -> list[tuple[str, int]]:
        """Return (account, when last heard of, in UTC µs) of followers that have not forgotten all who were erased."""
        return [(account, when_us) for account, when_us in self.ask(_SELECT_NOT_FORGOTTEN)]

    def _append_portions(self, decided: Decided, progress: Progress) -> Appended | Moved:
        """Append all events, so many a call."""
        events, head = decided.events, decided.head
        first: Appended | None = None
        occurred_at: list[int] = []
        for start in range(0, len(events), _EVENTS_A_CALL):
            progress(start, len(events))
            end = start + _EVENTS_A_CALL
            answer = self._answer(portion_call(decided, self.account, head, start, end))
            if isinstance(answer, Moved) or answer.repeated:
                return answer
            first = first or answer
            occurred_at += answer.occurred_at
            head = Head(answer.last_position, answer.chain_after or b"")
        assert first is not None, "a change has events"
        return replace(first, last_position=head.position, chain_after=head.chain, occurred_at=occurred_at)

    def _answer(self, parameters: tuple[Any, ...]) -> Appended | Moved:
        return self._told(self.ask(_APPEND, *parameters))

    def _told(self, answer: list[tuple[Any, ...]]) -> Appended | Moved:
        ((moved, first, last, recorded_at, occurred_at, chain_before, chain_after, repeated),) = answer
        if moved is not None:
            return Moved(moved)
        return Appended(
            first, last, recorded_at, occurred_at or [], chain_before, chain_after, [], repeated, self.not_copied
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit at the end of the block what is done in it, unless it raises; or belong to what is open already."""
        if self.connection.info.transaction_status != TransactionStatus.IDLE:
            yield
            return
        with refusals_of(self.address, self.version), self.connection.transaction():
            yield

    def ask(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return all rows of a query in which ``{schema}`` stands for the directory's schema."""
        composed = self._composition(query)
        with refusals_of(self.address, self.version), self.connection.cursor(binary=True) as cursor:
            return cursor.execute(composed, parameters or None).fetchall()

    def _composition(self, query: str) -> bytes:
        # Bytes, as the driver remembers how it takes those apart.
        composed = self._composed.get(query)
        if composed is None:
            named = sql.SQL(query).format(schema=sql.Identifier(self.address.schema))
            composed = self._composed[query] = named.as_bytes(self.connection)
        return composed

    def _noticed(self, diagnostic: psycopg.errors.Diagnostic) -> None:
        # The server's words may be in any language; the name of its function is not.
        if diagnostic.source_function == "SyncRepWaitForLSN":
            self.not_copied = True
